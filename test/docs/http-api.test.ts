import { readFileSync } from 'node:fs'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { type Example, type Json, nameExample, readExamples } from '../../tools/openapi/examples'
import { ask, token } from '../e2e/support/client'
import { isAnswer } from './support/contract'

const document = readFileSync('docs/http-api.md', 'utf8')
const examples = readExamples(document).map((example) => ({
  ...example,
  title: `${example.method} ${example.path} ${example.body}`,
}))

let cloud: LocalCloud
let alice: string
/** The answers to the examples, asked in the order of the document: an example refers to those before it. */
const answers = new Map<string, unknown>()
/** What an example may refer to with `…`: the members of the answers before it. */
const known: Record<string, unknown> = {}

beforeAll(async () => {
  cloud = await startLocalCloud({ port: 0, log: () => undefined })
  alice = await token(cloud.info, 'alice', { plan: 'pro' })
  for (const example of examples) answers.set(example.title, await run(example))
}, 60_000)

afterAll(() => cloud.close())

function send({ method, url, headers }: Record<string, unknown>, body?: string) {
  const init = { method, headers, ...(body && { body }) } as RequestInit
  return fetch(String(url), init)
}

async function run({ method, path, body }: Example): Promise<unknown> {
  if (method === 'PUT') return (await send(known, body)).json()
  if (method === 'GET') {
    const headers = { authorization: `Bearer ${alice}` }
    return (await send({ method, url: cloud.info.gateway + path, headers })).json()
  }
  const asked = JSON.parse(body, (name, value) => (value === '…' ? known[name] : value))
  const answer = await ask<Record<string, unknown>>(cloud.info, path, asked, alice)
  Object.assign(known, answer.body)
  if (answer.body.initiate) {
    const begun = await send(answer.body.initiate as Record<string, unknown>)
    known.uploadId = /<UploadId>([^<]+)/.exec(await begun.text())?.[1]
  }
  return answer.body
}

/** The documented answer as something to compare with: `…` inside a text stands for any text. */
function toExpected(answer: Json): unknown {
  if (typeof answer === 'string') {
    if (!answer.includes('…')) return answer
    if (answer === '…') return expect.anything()
    const parts = answer.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return expect.stringMatching(new RegExp(`^${parts.join('.+')}$`, 's'))
  }
  if (Array.isArray(answer)) return answer.map(toExpected)
  if (typeof answer !== 'object' || answer === null) return answer
  return Object.fromEntries(
    Object.entries(answer).map(([name, value]) => [name, toExpected(value)]),
  )
}

describe('docs/http-api.md', () => {
  it('has an example of every route and operation', () => {
    const titles = examples.map(({ title }) => title).join('\n')
    for (const name of ['/sts', '/post-policy', '/upload-callback', '"requests"']) {
      expect(titles).toContain(name)
    }
    for (const operation of [
      'put',
      'get',
      'head',
      'multipart',
      'multipart-parts',
      'list',
      'delete',
      'rules',
    ]) {
      expect(titles).toContain(`"operation":"${operation}"`)
    }
  })

  it('has an answer for every request', () => {
    expect(examples).toHaveLength(document.match(/```http/g)?.length ?? 0)
    expect(answers.size).toBe(examples.length)
  })

  it.each(examples)('is right about $title', (example) => {
    const answer = answers.get(example.title)
    expect(answer).toEqual(toExpected(example.answer))
    const { path, status } = nameExample(example)
    expect(isAnswer(answer, path, status)).toBe(true)
  })
})
