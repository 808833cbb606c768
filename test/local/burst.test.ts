import { spawn } from 'node:child_process'
import { ask, type FormAnswer, token } from '../e2e/support/client'
import { openCloud } from './support/client'

// 1,000 in the deep run.
const UPLOADS = Number(process.env.BURST_UPLOADS ?? 60)

// A separate process: in this one its work would slow OSS and the gateway.
const CLIENT = `
  const send = async ({ url, fields }) => {
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', new Blob(['hello'], { type: fields['Content-Type'] }), 'file')
    const answer = await fetch(url, { method: 'POST', body: form })
    const text = await answer.text()
    return [answer.status, answer.status === 200 ? JSON.parse(text).key : text]
  }
  let input = ''
  process.stdin.on('data', (chunk) => (input += chunk))
  process.stdin.on('end', async () => {
    console.log(JSON.stringify(await Promise.all(JSON.parse(input).map(send))))
  })`

async function sendAll(forms: readonly FormAnswer[]): Promise<[status: number, key: string][]> {
  const child = spawn(process.execPath, ['-e', CLIENT], { stdio: ['pipe', 'pipe', 'inherit'] })
  child.stdin.end(JSON.stringify(forms))
  let output = ''
  for await (const chunk of child.stdout) output += chunk
  return JSON.parse(output)
}

it(`proves each of ${UPLOADS} forms that are sent at once`, async () => {
  // Two at a time and 200 ms each: the last one starts after more than OSS's 5 s.
  const { info } = await openCloud({ rules: 'test/support/rules/slow.ts', instances: 2 })
  const bearer = await token(info, 'alice')
  const sign = async (_: unknown, index: number) => {
    const request = { rule: 'notes', filename: `${index}.txt`, contentType: 'text/plain' }
    return (await ask<FormAnswer>(info, '/post-policy', request, bearer)).body
  }
  const forms = await Promise.all(Array.from({ length: UPLOADS }, sign))
  const answers = await sendAll(forms)
  expect(answers).toEqual(forms.map(({ key }) => [200, key]))
}, 300_000)
