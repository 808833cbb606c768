import { readFileSync } from 'node:fs'
import type { AxiosStatic } from 'axios'
import { ALL_TAKEN, type SendBy, sendEveryRequest } from '../e2e/support/every-request'
import { type OpenPage, type Stage, startStage } from './support/harness'

declare global {
  var axios: AxiosStatic
}

let stage: Stage
let open: OpenPage

beforeAll(async () => {
  stage = await startStage()
  open = await stage.open()
  await open.page.evaluate(readFileSync('node_modules/axios/dist/axios.min.js', 'utf8'))
}, 60_000)

afterAll(async () => {
  await open?.close()
  await stage?.close()
})

function axiosBy(adapter: 'xhr' | 'fetch'): SendBy {
  return (request, data = '') =>
    open.page.evaluate(
      async ([adapter, request, data]) => {
        const asText = { responseType: 'text' as const, validateStatus: () => true }
        const answer = await axios.request<string>({ ...request, ...asText, adapter, data })
        return { status: answer.status, text: answer.data }
      },
      [adapter, request, data] as const,
    )
}

function fetchWith(kind: 'string' | 'Blob' | 'File'): SendBy {
  return ({ method, url, headers }, text) =>
    open.page.evaluate(
      async ([kind, url, { method, headers }, text]) => {
        const type = 'text/html'
        const bodies = {
          string: (content: string) => content,
          Blob: (content: string) => new Blob([content], { type }),
          File: (content: string) => new File([content], 'a.html', { type }),
        }
        const content = text === undefined ? {} : { body: bodies[kind](text) }
        const answer = await fetch(url, { method, headers, ...content })
        return { status: answer.status, text: await answer.text() }
      },
      [kind, url, { method, headers }, text] as const,
    )
}

const CLIENTS = {
  'axios by xhr': axiosBy('xhr'),
  'axios by fetch': axiosBy('fetch'),
  'fetch with a string': fetchWith('string'),
  'fetch with a typed Blob': fetchWith('Blob'),
  'fetch with a File': fetchWith('File'),
}

it.each(Object.entries(CLIENTS))(
  '%s puts a file whole and in parts with `headers` alone',
  async (name, send) => {
    expect(await sendEveryRequest(stage.cloud.info, name, send)).toEqual(ALL_TAKEN)
  },
)
