import { readFileSync } from 'node:fs'
import { transformSync } from 'esbuild'
import type { Refusal } from '../../shared/errors'
import { decide } from '../../shared/policy/decide'
import { putHeaders } from '../../shared/policy/put-headers'
import { findEnforcer, LIMITS } from '../../shared/rules/enforcement'
import type { CallerRequest } from '../../shared/rules/requests'
import type { RuleInput } from '../../shared/rules/rule-input'
import * as language from '../../shared/rules/rules'
import { sessionPolicy } from '../../shared/rules/session-policy'
import { ALICE, CONTEXT, NOW, UUID } from '../policy/support/example'

const DOCS = readFileSync('docs/rules.md', 'utf8')

/** The examples of the document by name, as they would stand in `rules.ts`. */
function readExamples(marker: string): Map<string, unknown> {
  const found = DOCS.matchAll(
    new RegExp(`<!-- ${marker}: (\\w+) -->\n\`\`\`ts\n(.*?)\n\`\`\``, 'gs'),
  )
  return new Map(Array.from(found, ([, name, text]) => [name as string, evaluate(text as string)]))
}

function evaluate(text: string): unknown {
  const { code } = transformSync(`module.exports = (${text})`, { loader: 'ts', format: 'cjs' })
  const names = Object.keys(language)
  const module = { exports: undefined as unknown }
  new Function('module', ...names, code)(module, ...Object.values(language))
  return module.exports
}

const EXAMPLES = readExamples('example') as Map<string, RuleInput>

/** What comes of a wish under an example: the grant, or the reason against it. */
async function ask(name: string, wish: object, caller = ALICE): Promise<Record<string, unknown>> {
  const rules = language.defineRules({ [name]: EXAMPLES.get(name) as RuleInput })
  const full = { rule: name, ...wish } as CallerRequest
  const refuse = ({ reason, facts, issues }: Refusal) => ({ reason, facts, issues })
  return decide(caller, full, { ...CONTEXT, rules }).catch(refuse)
}

const PUT = { operation: 'put', filename: 'a/b.png', contentType: 'image/png', contentLength: 5 }
const FORM = { operation: 'form', filename: 'b.png', contentType: 'image/png' }
const STS = { operation: 'sts', access: 'write' }

/** Each example, and what the document says of it. */
const CLAIMS: Record<string, () => Promise<void>> = {
  key: async () => {
    expect(await ask('key', PUT)).toMatchObject({ key: `invoices/alice/2023/${UUID}.png` })
    expect(await ask('key', { ...PUT, filename: 'noext' })).toMatchObject({ reason: 'key_invalid' })
  },
  shared: async () => {
    expect(await ask('shared', PUT)).toMatchObject({ key: `gallery/${UUID}.png` })
    const get = { operation: 'get', key: `gallery/${UUID}.png` }
    expect(await ask('shared', get, { sub: 'bob', claims: {} })).toMatchObject({ kind: 'download' })
  },
  bucket: async () => {
    expect(await ask('bucket', PUT)).toMatchObject({ bucket: 'example-archive' })
  },
  allow: async () => {
    expect(await ask('allow', PUT)).toMatchObject({ kind: 'upload' })
    const free = { sub: 'bob', claims: { plan: 'free' } }
    expect(await ask('allow', PUT, free)).toMatchObject({ reason: 'caller_not_allowed' })
  },
  withinToken: async () => {
    const asking = (expiresAt: number) => ask('withinToken', PUT, { ...ALICE, expiresAt })
    expect(await asking(NOW + 60)).toMatchObject({ expiresAt: NOW + 60 })
    expect(await asking(NOW + 901)).toMatchObject({ expiresAt: NOW + 900 })
  },
  linkSeconds: async () => {
    const rules = language.defineRules({ phones: EXAMPLES.get('linkSeconds') as RuleInput })
    expect(rules.get('phones')?.linkSeconds).toBe(3600)
    expect(language.defineRules({ any: { key: 'a/{sub}/{path}', upload: {} } }).get('any')).toEqual(
      expect.objectContaining({ linkSeconds: 43_200 }),
    )
  },
  contentTypes: async () => {
    expect(await ask('contentTypes', PUT)).toMatchObject({ kind: 'upload' })
    const html = { ...PUT, contentType: 'text/html' }
    expect(await ask('contentTypes', html)).toMatchObject({ reason: 'file_type_not_allowed' })
  },
  size: async () => {
    expect(await ask('size', FORM)).toMatchObject({ minBytes: 1, maxBytes: 10 * 1024 ** 2 })
    const { contentLength, ...unsized } = PUT
    expect(await ask('size', unsized)).toMatchObject({ issues: [{ path: 'contentLength' }] })
    expect(await ask('size', { ...PUT, contentLength: 0 })).toMatchObject({
      reason: 'file_too_small',
    })
  },
  ttlSeconds: async () => {
    expect(await ask('ttlSeconds', PUT)).toMatchObject({ expiresAt: NOW + 60 })
  },
  overwrite: async () => {
    expect(await ask('overwrite', PUT)).toMatchObject({ overwrite: true })
    expect(await ask('size', PUT)).toMatchObject({ overwrite: false })
  },
  mechanisms: async () => {
    expect(await ask('mechanisms', STS)).toMatchObject({ prefix: 'videos/alice/' })
    expect(await ask('mechanisms', FORM)).toMatchObject({ reason: 'mechanism_not_allowed' })
  },
  samples: async () => {
    const open = { operation: 'prefix-form' }
    expect(await ask('samples', open)).toMatchObject({
      kind: 'prefix-form',
      prefix: 'pages/alice/',
    })
    expect(await ask('key', open)).toMatchObject({ reason: 'request_malformed' })
  },
  metadata: async () => {
    const named = (metadata: object) => ask('metadata', { ...PUT, metadata })
    expect(await named({ title: 'x' })).toMatchObject({ headers: { 'x-oss-meta-title': 'x' } })
    expect(await named({ camera: 'x'.repeat(51) })).toMatchObject({ reason: 'request_malformed' })
  },
  headers: async () => {
    const grant = await ask('headers', PUT)
    expect(putHeaders(grant as never).headers).toMatchObject({
      'cache-control': 'private, max-age=3600',
      'content-disposition': 'attachment',
      'x-oss-storage-class': 'IA',
      'x-oss-server-side-encryption': 'AES256',
    })
  },
  acl: async () => {
    expect(await ask('acl', PUT)).toMatchObject({ headers: { 'x-oss-object-acl': 'public-read' } })
  },
  contentMd5: async () => {
    expect(await ask('contentMd5', PUT)).toMatchObject({ issues: [{ path: 'contentMd5' }] })
  },
  multipart: async () => {
    const grant = await ask('multipart', { ...PUT, operation: 'multipart' })
    expect(grant).toMatchObject({ partBytes: 64 * 1024 ** 2 })
  },
  sniff: async () => {
    const rules = language.defineRules({ sniff: EXAMPLES.get('sniff') as RuleInput })
    expect(rules.get('sniff')?.upload?.sniff).toBe(true)
  },
  once: async () => {
    const { once } =
      language.defineRules({ once: EXAMPLES.get('once') as RuleInput }).get('once')?.upload ?? {}
    expect([once, (await ask('once', PUT)).kind]).toEqual([true, 'upload'])
  },
  bindSourceIp: async () => {
    const grant = await ask('bindSourceIp', STS)
    expect(sessionPolicy(grant as never, { secure: true })).toContain('203.0.113.7')
  },
  as: async () => {
    const get = { operation: 'get', key: 'letters/alice/a.pdf' }
    expect(await ask('as', get)).toMatchObject({ as: 'attachment', expiresAt: NOW + 120 })
    expect(await ask('as', { ...get, as: 'inline' })).toMatchObject({ reason: 'request_malformed' })
  },
  styles: async () => {
    const get = { operation: 'get', key: 'pictures/alice/a.png' }
    expect(await ask('styles', { ...get, process: 'style/thumb' })).toMatchObject({
      process: 'style/thumb',
    })
  },
  afterwards: async () => {
    const rules = language.defineRules({ files: EXAMPLES.get('afterwards') as RuleInput })
    const { onUploaded, respond } = rules.get('files')?.upload ?? {}
    expect([typeof onUploaded, typeof respond]).toEqual(['function', 'function'])
    expect(await respond?.({ key: 'a b' } as never)).toEqual({ link: '/files/a%20b' })
  },
  remove: async () => {
    const own = { operation: 'delete', key: `trash/alice/${UUID}.png` }
    expect(await ask('remove', own)).toMatchObject({ kind: 'delete', expiresAt: NOW + 60 })
    const foreign = { operation: 'delete', key: `trash/bob/${UUID}.png` }
    expect(await ask('remove', foreign)).toMatchObject({ reason: 'key_outside_prefix' })
    expect(await ask('listing', own)).toMatchObject({ reason: 'operation_not_allowed' })
  },
  listing: async () => {
    const grant = await ask('listing', { operation: 'list', path: '2023' })
    expect(grant).toMatchObject({ prefix: 'notes/alice/2023/', expiresAt: NOW + 60 })
    expect(await ask('listing', { operation: 'list' })).toMatchObject({ prefix: 'notes/alice/' })
    expect(await ask('key', { operation: 'list' })).toMatchObject({
      reason: 'operation_not_allowed',
    })
  },
  list: async () => {
    const grant = await ask('list', { operation: 'sts', access: 'read' })
    expect(sessionPolicy(grant as never, { secure: true })).toContain(
      '"oss:Prefix":["folders/alice/","folders/alice/*"]',
    )
  },
}

test.each([...EXAMPLES.keys()])('the example of %s does what the document says', async (name) => {
  const claim = CLAIMS[name]
  if (claim === undefined) throw new Error(`nothing is claimed of ${name}`)
  await claim()
})

test('every claim has its example', () => {
  expect([...EXAMPLES.keys()].sort()).toEqual(Object.keys(CLAIMS).sort())
})

test('the wrong example is refused', () => {
  const wrong = readExamples('wrong example').get('overlap')
  expect(() => language.defineRules(wrong as never)).toThrow(/outbox.key: reaches objects of inbox/)
})

test('the table of enforcement is the one in force', () => {
  const rules = language.defineRules({ any: { key: 'any/{sub}/{path}', upload: {} } })
  const rule = rules.get('any')
  const says = { oss: 'OSS', callback: 'our callback', nobody: 'nobody' }
  for (const limit of LIMITS.upload) {
    const row = new RegExp(`^\\| \`${limit}\`[^|]*\\|([^|]+)\\|([^|]+)\\|([^|]+)\\|$`, 'm').exec(
      DOCS,
    )
    const cells = row?.slice(1).map((cell) => cell.trim().replace(/,.*/, ''))
    const enforcers = (['form', 'url', 'sts'] as const).map(
      (mechanism) => says[findEnforcer(rule as never, 'upload', mechanism, limit)],
    )
    expect([limit, cells]).toEqual([limit, enforcers])
  }
})

test('every field of a rule is in the document', () => {
  const text = readFileSync('shared/rules/rule-input.ts', 'utf8')
  const fields = Array.from(text.matchAll(/^ {2}(\w+)\??:/gm), ([, field]) => `\`${field}\``)
  expect(fields.length).toBeGreaterThan(20)
  expect(fields.filter((field) => !DOCS.includes(field))).toEqual([])
})
