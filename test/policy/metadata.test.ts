import { Refusal } from '../../shared/errors'
import { isMetadataAllowed, metadataOf, toMetadataHeaders } from '../../shared/policy/metadata'
import { defineRules } from '../../shared/rules/rules'
import { startWorld, type World } from './support/equivalence/world'

const upload = { metadata: new Map([['title', 3]]) }

describe('user metadata', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['none', {}, true],
    ['a name of the rule', { title: 'abc' }, true],
    ['a value one byte too long', { title: 'abcd' }, false],
    // Header values come as Latin-1: each of its characters was one byte.
    ['three bytes beyond ASCII', { title: 'Ã©x' }, true],
    ['another name', { other: '' }, false],
    ['a good name beside another', { title: 'a', other: 'b' }, false],
    ['a name that every object has', { constructor: 'a' }, false],
  ])('%s', (_, stored, isAllowed) => {
    expect(isMetadataAllowed(stored, upload)).toBe(isAllowed)
  })

  it('is none where a rule names none', () => {
    expect(isMetadataAllowed({}, {})).toBe(true)
    expect(isMetadataAllowed({ title: '' }, {})).toBe(false)
  })
})

it('is read from headers, whatever its names are, and from no other header', () => {
  const stored = JSON.parse('{"x-oss-meta-__proto__":"a","x-oss-meta-title":"b","etag":"c"}')
  const read = metadataOf({ ...stored, 'x-oss-meta-absent': undefined })
  expect(Object.entries(read)).toEqual([
    ['__proto__', 'a'],
    ['title', 'b'],
  ])
})

const TEXTS: readonly (readonly [given: string, stored: string])[] = [
  ['plain (text) & more', 'plain (text) & more'],
  ['50% off', '50%25 off'],
  ['%41', '%2541'],
  ['é', '%C3%A9'],
  ['报告 1', '%E6%8A%A5%E5%91%8A 1'],
  ['👩‍👩‍👧', '%F0%9F%91%A9%E2%80%8D%F0%9F%91%A9%E2%80%8D%F0%9F%91%A7'],
]

describe('a value', () => {
  it.each(TEXTS)('%j is stored as %j, and can be read back', (given, stored) => {
    const rule = { metadata: new Map([['title', stored.length]]) }
    expect(toMetadataHeaders({ title: given }, rule)).toEqual({ 'x-oss-meta-title': stored })
    expect(decodeURIComponent(stored)).toBe(given)
    const less = { metadata: new Map([['title', stored.length - 1]]) }
    expect(() => toMetadataHeaders({ title: given }, less)).toThrow(Refusal)
  })
})

describe('in the bucket', () => {
  let world: World
  const sts = ['metadata', 'callback', 'acl'] as const
  const RULES = defineRules({
    titled: {
      key: 'titled/{sub}/{path}',
      upload: {
        overwrite: true,
        mechanisms: ['url', 'form', 'sts'],
        unenforced: { sts, form: ['metadata'] },
        metadata: { title: 100 },
      },
    },
  })
  const ALICE = { sub: 'alice', claims: {} }
  const FILE = Buffer.from('x')

  beforeAll(async () => {
    world = await startWorld()
    world.setRules(RULES)
  })
  afterAll(() => world.close())

  async function send(by: 'url' | 'form', title: string): Promise<number> {
    const wish = { rule: 'titled', filename: 'a', contentType: 'text/plain', metadata: { title } }
    if (by === 'url') {
      const answer = await world.ask('signed-url', ALICE, { ...wish, operation: 'put' })
      if (typeof answer === 'string') throw new Error(answer)
      return (await world.send('PUT', answer.url, answer.headers, FILE)).status
    }
    const answer = await world.ask('post-policy', ALICE, wish)
    if (typeof answer === 'string') throw new Error(answer)
    const form = new FormData()
    for (const [name, value] of Object.entries(answer.fields)) form.append(name, value)
    form.append('file', new Blob([FILE]))
    return (await fetch(answer.url, { method: 'POST', body: form })).status
  }

  it.each(
    TEXTS.flatMap(([given, stored]) => [
      ['url', given, stored] as const,
      ['form', given, stored] as const,
    ]),
  )('an upload by %s with %j is proven, and OSS has %j', async (by, given, stored) => {
    expect(await send(by, given)).toBe(200)
    const { headers } = await world.sendSigned({ method: 'HEAD', key: 'titled/alice/a' })
    expect(headers['x-oss-meta-title']).toBe(stored)
  })

  it('an upload by STS is proven with a value encoded in the same way, and counted as it is stored', async () => {
    const answer = await world.ask('sts', ALICE, { rule: 'titled', access: 'write' })
    if (typeof answer === 'string') throw new Error(answer)
    const { callbackVar, ...callback } = answer.callback
    const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64')
    const put = async (title: string) => {
      const headers = {
        'x-oss-callback': encode(callback),
        'x-oss-callback-var': encode(callbackVar),
        'x-oss-meta-title': encodeURIComponent(title),
      }
      const order = { method: 'PUT', key: 'titled/alice/b', headers, body: FILE } as const
      return (await world.sendSigned({ ...order, credentials: answer.credentials })).status
    }
    expect(await put('报'.repeat(11))).toBe(200)
    expect(await put('报'.repeat(12))).toBe(203)
  })
})
