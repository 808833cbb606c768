import { defineRules } from '../../shared/rules/rules'
import { toSegment } from '../../shared/rules/subject'
import { startWorld, type World } from './support/equivalence/world'

const RULES = defineRules({
  files: {
    key: 'files/{sub}/{path}',
    upload: {
      overwrite: true,
      mechanisms: ['url', 'form', 'sts'],
      unenforced: { sts: ['callback', 'acl'] },
    },
    download: {},
  },
})

/** Names that try to be more than a name, and whether they may be one after all. */
const NAMES: readonly (readonly [name: string, outcome: 'stored' | 'key_invalid'])[] = [
  ['..', 'key_invalid'],
  ['.', 'key_invalid'],
  ['../victim/a', 'key_invalid'],
  ['a/../../victim/a', 'key_invalid'],
  ['a/./b', 'key_invalid'],
  ['..\\victim\\a', 'key_invalid'],
  ['\\\\server\\share', 'key_invalid'],
  ['/etc/passwd', 'key_invalid'],
  ['//a', 'key_invalid'],
  ['a//b', 'key_invalid'],
  ['a/', 'key_invalid'],
  ['%2e%2e/victim/a', 'stored'],
  ['%2e%2e%2fvictim%2fa', 'stored'],
  ['%252e%252e%252fvictim', 'stored'],
  ['..%2fvictim', 'stored'],
  ['..%c0%af', 'stored'],
  ['．．／victim', 'stored'],
  ['a\u0000b', 'key_invalid'],
  ['a\r\nx-oss-object-acl: public-read', 'key_invalid'],
  ['a\u007fb', 'key_invalid'],
  ['a\u0085b', 'key_invalid'],
  ['a\u2028b', 'key_invalid'],
  ['a\u202egnp.exe', 'key_invalid'],
  ['a\u2066b\u2069', 'key_invalid'],
  ['\ufeffa', 'key_invalid'],
  ['a\ufffe', 'key_invalid'],
  ['a\ud800', 'key_invalid'],
  ['\udc00a', 'key_invalid'],
  ['*', 'stored'],
  ['a?b', 'stored'],
  ['?acl', 'stored'],
  ['a#b', 'stored'],
  ['a&callback=x', 'stored'],
  ['a\'b"c', 'stored'],
  ['$x$', 'stored'],
  ['{sub}', 'stored'],
  [`\${filename}`, 'key_invalid'],
  [`a\${oss:Prefix}`, 'key_invalid'],
  ['cafe\u0301', 'stored'],
  ['caf\u00e9', 'stored'],
  ['👩‍👩‍👧‍👦 family', 'stored'],
  ['报告 1+2%.pdf', 'stored'],
  ['CON', 'stored'],
  ['__proto__', 'stored'],
  ['.oss-direct/ledger/a', 'stored'],
  ['é'.repeat(500), 'stored'],
  ['é'.repeat(510), 'key_invalid'],
]

let world: World
let count = 0

beforeAll(async () => {
  world = await startWorld()
  world.setRules(RULES)
})
afterAll(() => world.close())

function caller(sub = `caller-${++count}`) {
  return { sub, claims: {} }
}

/** Every key in the bucket below `files/` that is not in this folder. */
async function listStrays(folder: string): Promise<string[]> {
  const query = { 'list-type': '2', 'max-keys': '1000', 'encoding-type': 'url' }
  const { status, body } = await world.sendSigned({ method: 'GET', key: '', query })
  expect(status).toBe(200)
  const keys = Array.from(body.matchAll(/<Key>(.*?)<\/Key>/g), ([, key]) =>
    decodeURIComponent((key as string).replaceAll('+', ' ')),
  )
  for (const key of keys) await world.sendSigned({ method: 'DELETE', key })
  return keys.filter((key) => !key.startsWith(folder))
}

const FILE = Buffer.from('x')

async function put(sub: string, filename: string): Promise<string> {
  const wish = { rule: 'files', operation: 'put', filename, contentType: 'text/plain' }
  const answer = await world.ask('signed-url', caller(sub), wish)
  if (typeof answer === 'string') return answer
  const { status } = await world.send('PUT', answer.url, answer.headers, FILE)
  return status === 200 ? 'stored' : `status ${status}`
}

async function post(sub: string, filename: string): Promise<string> {
  const wish = { rule: 'files', filename, contentType: 'text/plain' }
  const answer = await world.ask('post-policy', caller(sub), wish)
  if (typeof answer === 'string') return answer
  const form = new FormData()
  for (const [name, value] of Object.entries(answer.fields)) form.append(name, value)
  form.append('file', new Blob([FILE]), '../../victim/a')
  const { status } = await fetch(answer.url, { method: 'POST', body: form })
  return status === 200 ? 'stored' : `status ${status}`
}

async function putWithSts(sub: string, name: string): Promise<string> {
  const answer = await world.ask('sts', caller(sub), { rule: 'files', access: 'write' })
  if (typeof answer === 'string') return answer
  const { credentials, prefix } = answer
  const key = `${prefix}${name}`
  const { status } = await world.sendSigned({ method: 'PUT', key, body: FILE, credentials })
  return status === 200 ? 'stored' : `status ${status}`
}

describe.each([
  ['a signed URL', put],
  ['a form', post],
] as const)('by %s', (_, send) => {
  test.each(NAMES)('the file name %j comes to: %s', async (filename, outcome) => {
    const sub = caller().sub
    expect(await send(sub, filename)).toBe(outcome)
    expect(await listStrays(`files/${sub}/`)).toEqual([])
  })
})

test.each(NAMES)('by URLs for parts, the file name %j comes to: %s', async (filename, outcome) => {
  const sub = caller().sub
  const wish = { rule: 'files', operation: 'multipart', filename, contentType: 'text/plain' }
  const answer = await world.ask('signed-url', caller(sub), { ...wish, contentLength: 5 })
  expect(typeof answer === 'string' ? answer : 'stored').toBe(outcome)
  if (typeof answer !== 'string') expect(answer.key).toMatch(new RegExp(`^files/${sub}/.`))
})

test.each(NAMES)('with STS credentials, %j stays below the prefix', async (name) => {
  // A lone surrogate has no bytes to send, and dot segments are never signed.
  if (/\p{Surrogate}|(^|\/)\.\.?(\/|$)/u.test(name)) return
  const sub = caller().sub
  expect(await putWithSts(sub, name)).toMatch(/^stored$|^status 4/)
  expect(await listStrays(`files/${sub}/`)).toEqual([])
})

test.each(NAMES)('nobody reads the file of another by the key part %j', async (name, outcome) => {
  const ask = (key: string) =>
    world.ask('signed-url', caller('alice'), { rule: 'files', operation: 'get', key })
  for (const key of [name, `files/bob/${name}`, `files/${name}`, `files/${name}/bob/a`]) {
    expect(['key_invalid', 'key_outside_prefix', 'request_malformed']).toContain(await ask(key))
  }
  const own = await ask(`files/alice/${name.normalize('NFC')}`)
  expect(typeof own === 'string' ? own : 'stored').toBe(outcome)
})

describe.each([
  ['a signed URL', put],
  ['a form', post],
  ['STS credentials', putWithSts],
] as const)('by %s', (_, send) => {
  test.each(NAMES.map(([name]) => name))('the subject %j has a folder of its own', async (name) => {
    const sub = name.slice(0, 255)
    expect(await send(sub, 'a.txt')).toBe('stored')
    expect(toSegment(sub)).toMatch(/^[A-Za-z0-9_@~-][A-Za-z0-9._@~-]*$/)
    expect(await listStrays(`files/${toSegment(sub)}/`)).toEqual([])
  })
})

test.each(['sts', 'signed-url', 'post-policy'] as const)(
  '%s refuses an empty or endless subject',
  async (name) => {
    for (const sub of ['', 'x'.repeat(256)]) {
      expect(await world.ask(name, caller(sub), {})).toBe('token_claims')
    }
  },
)
