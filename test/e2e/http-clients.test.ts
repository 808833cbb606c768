import { execFile } from 'node:child_process'
import axios from 'axios'
import { shareLocalCloud } from './support/cloud'
import { ALL_TAKEN, type Reply, type SendBy, sendEveryRequest } from './support/every-request'

// Each of these clients adds a Content-Type if it receives none.

const cloud = shareLocalCloud()

const URLLIB = `
import json, sys, urllib.request
method, url, headers, body = json.load(sys.stdin)
data = None if body is None else body.encode()
request = urllib.request.Request(url, data=data, headers=headers, method=method)
with urllib.request.urlopen(request) as answer:
    json.dump({'status': answer.status, 'text': answer.read().decode()}, sys.stdout)
`

function run(command: string, args: readonly string[], input = ''): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = execFile(command, [...args], (error, output) =>
      error ? reject(error) : resolve(output),
    )
    child.stdin?.end(input)
  })
}

const urllib: SendBy = async ({ method, url, headers }, body = undefined) => {
  const input = JSON.stringify([method, url, headers, body ?? null])
  return JSON.parse(await run('python3', ['-c', URLLIB], input)) as Reply
}

const curl: SendBy = async ({ method, url, headers }, body) => {
  const lines = Object.entries(headers).flatMap(([name, value]) => ['-H', `${name}: ${value}`])
  const data = body === undefined ? [] : ['--data-binary', '@-']
  const shown = ['-s', '-w', '\n%{http_code}']
  const output = await run('curl', [...shown, '-X', method, ...lines, ...data, url], body)
  const end = output.lastIndexOf('\n')
  return { status: Number(output.slice(end + 1)), text: output.slice(0, end) }
}

function axiosBy(adapter: 'http' | 'fetch'): SendBy {
  return async (request, data = '') => {
    const asText = { responseType: 'text' as const, validateStatus: () => true }
    const answer = await axios.request<string>({ ...request, ...asText, adapter, data })
    return { status: answer.status, text: answer.data }
  }
}

function fetchWith(toBody: (text: string) => BodyInit): SendBy {
  return async ({ url, method, headers }, body) => {
    const content = body === undefined ? {} : { body: toBody(body) }
    const answer = await fetch(url, { method, headers, ...content })
    return { status: answer.status, text: await answer.text() }
  }
}

const CLIENTS = {
  'axios by http': axiosBy('http'),
  'axios by fetch': axiosBy('fetch'),
  'Python urllib': urllib,
  curl,
  'fetch with a string': fetchWith((text) => text),
  'fetch with a typed Blob': fetchWith((text) => new Blob([text], { type: 'image/gif' })),
}

it.each(Object.entries(CLIENTS))(
  '%s puts a file whole and in parts with `headers` alone',
  async (name, send) => {
    expect(await sendEveryRequest(cloud(), name, send)).toEqual(ALL_TAKEN)
  },
)
