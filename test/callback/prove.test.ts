// Covers shared/callback/stored-checks.ts and shared/callback/stored-object.ts too.
import { toMetadataDigest } from '../../shared/policy/metadata'
import type { Ticket } from '../../shared/policy/ticket'
import { defineRules } from '../../shared/rules/rules'
import { toSegment } from '../../shared/rules/subject'
import {
  type Change,
  prove,
  proveByTrigger,
  RULES,
  requests,
  STS_TICKET,
  TICKET,
} from './support/prover'

const PROVEN = expect.objectContaining({ rule: 'photo', sub: 'alice' })
const BOTH: [string, (change: Change) => Promise<unknown>][] = [
  ['the callback', (change) => prove({ ticket: STS_TICKET, ...change })],
  ['the trigger', (change) => proveByTrigger('photos/alice/1.png', change)],
]

const NO_MD5 = { 'content-md5': undefined }

describe('what a grant fixes', () => {
  it('is proven when OSS stores just that', async () => {
    expect(await prove()).toEqual(PROVEN)
    expect(await prove({ ticket: STS_TICKET })).toEqual(PROVEN)
  })

  it.each<[string, Change['head']]>([
    ['a checksum', {}],
    ['an ETag', NO_MD5],
  ])('is held against %s of OSS, not what the body claims: the promised MD5', async (_, head) => {
    const contentMd5 = 'XUFAKrxLKna5cZ2REBfFkQ=='
    const ticket = { ...TICKET, contentMd5 }
    expect(await prove({ ticket, body: { contentMd5 }, ...(head && { head }) })).toBe(
      'object_mismatch',
    )
  })

  it('has the promised MD5 by checksum or ETag', async () => {
    const ticket = { ...TICKET, contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==' }
    expect(await prove({ ticket })).toEqual(PROVEN)
    expect(await prove({ ticket, head: NO_MD5 })).toEqual(PROVEN)
    expect(await prove({ ticket, isConfirmed: false })).toEqual(PROVEN)
    const etag = '0'.repeat(32)
    const change = { ticket, body: { etag } }
    expect(await prove({ ...change, head: { etag: `"${etag}"` } })).toEqual(PROVEN)
    expect(await prove({ ...change, isConfirmed: false })).toEqual(PROVEN)
    const lied = { etag, contentMd5: null }
    expect(await prove({ ticket, isConfirmed: false, body: lied })).toBe('object_mismatch')
  })

  const TYPES: [Ticket, string[]][] = [
    [TICKET, ['Normal']],
    [{ ...TICKET, use: 'form' }, ['Normal']],
    [{ ...TICKET, use: 'multipart', partSize: 5 }, ['Multipart']],
    [STS_TICKET, ['Normal', 'Multipart']],
  ]
  it.each(TYPES)('is written in its own way: %j', async (ticket, types) => {
    for (const type of ['Normal', 'Multipart', 'Appendable']) {
      const outcome = await prove({
        ticket,
        body: { operation: 'unknown' },
        head: { 'x-oss-object-type': type },
      })
      expect(outcome).toEqual(types.includes(type) ? PROVEN : 'object_mismatch')
    }
  })

  it('has the granted metadata, neither less, nor more, nor other', async () => {
    const digest = toMetadataDigest({ title: 'one' })
    const ticket = { ...TICKET, ...(digest && { metadataDigest: digest }) }
    const stored = (title?: string) => ({ head: { 'x-oss-meta-title': title } })
    expect(await prove({ ticket, ...stored('one') })).toEqual(PROVEN)
    expect(await prove({ ticket, ...stored('two') })).toBe('object_mismatch')
    expect(await prove({ ticket, ...stored() })).toBe('object_mismatch')
    expect(await prove(stored('one'))).toBe('object_mismatch')
    expect(await prove({ ticket: STS_TICKET, ...stored('one') })).toEqual(PROVEN)
  })
})

describe.each(BOTH)('headers that the rule does not fix, by %s', (_, outcomeOf) => {
  it.each([
    ['cache-control', 'max-age=31536000'],
    ['content-disposition', 'attachment; filename="Setup.exe"'],
    ['content-encoding', 'gzip'],
    ['content-language', 'de'],
    ['expires', 'Tue, 14 Nov 2033 22:13:20 GMT'],
    ['x-oss-storage-class', 'Archive'],
  ])('are refused: %s: %s', async (name, value) => {
    expect(await outcomeOf({ head: { [name]: value } })).toBe('object_mismatch')
  })

  it.each(['no-cache', 'no-store', 'max-age=0'])(
    'are taken where a browser sends them: %s',
    async (value) => {
      expect(await outcomeOf({ head: { 'cache-control': value } })).toEqual(PROVEN)
    },
  )

  it('are what a bucket encrypts with, and the class Standard by default', async () => {
    const head = { 'x-oss-server-side-encryption': 'KMS', 'x-oss-storage-class': undefined }
    expect(await outcomeOf({ head })).toEqual(PROVEN)
  })
})

describe('headers that the rule fixes', () => {
  const head = {
    'cache-control': 'private',
    'content-disposition': 'attachment',
    'x-oss-storage-class': 'IA',
    'x-oss-server-side-encryption': 'AES256',
  }
  const ticket = { ...TICKET, rule: 'page', key: 'pages/alice/1.png' }
  it('are there', async () => {
    expect(await prove({ ticket, head })).toMatchObject({ rule: 'page' })
    expect(await proveByTrigger('pages/alice/1.png', { head })).toMatchObject({ rule: 'page' })
  })

  it.each(Object.keys(head))('are not left out or changed: %s', async (name) => {
    for (const value of [undefined, 'other', 'no-cache']) {
      const changed = { head: { ...head, [name]: value } }
      expect(await prove({ ticket, ...changed })).toBe('object_mismatch')
      expect(await proveByTrigger('pages/alice/1.png', changed)).toBe('object_mismatch')
    }
  })
})

describe('a key that we would not make', () => {
  const NAMES = [
    'a\u202egnp.exe',
    'a\u200eb',
    'a\u0000b',
    'a\nb',
    'a\tb',
    'a\\b',
    '..\\b',
    '../bob/a.png',
    './a.png',
    'a//b',
    'dir/',
    // biome-ignore lint/suspicious/noTemplateCurlyInString: OSS replaces this in forms.
    '${filename}',
    'cafe\u0301.png',
    'a\u200bb',
  ]
  it.each(NAMES)('is not proven, and nothing is sent for it: %j', async (name) => {
    const key = `photos/alice/${name}`
    expect(await prove({ ticket: STS_TICKET, body: { object: key } })).toBe('upload_name')
    expect(requests).toEqual([])
    expect(await proveByTrigger(key)).toBe('upload_name')
    expect(requests).toEqual([])
  })

  it('is one that another template makes, so that no download could reach it', async () => {
    const rules = defineRules({
      photo: {
        key: 'photos/{sub}/{uuid}.{ext}',
        upload: { mechanisms: ['sts'], unenforced: { sts: ['key', 'overwrite', 'callback'] } },
      },
    })
    const object = 'photos/alice/0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11.png'
    expect(await prove({ ticket: STS_TICKET, rules })).toBe('upload_name')
    expect(await prove({ ticket: STS_TICKET, rules, body: { object } })).toEqual(PROVEN)
  })
})

describe('a right that was taken away', () => {
  const photoOf = (upload: object) => defineRules({ photo: { key: 'photos/{sub}/{path}', upload } })
  const ALL = { mechanisms: ['url', 'sts'], unenforced: { sts: ['overwrite', 'callback'] } }

  it('of a subject reaches callback and trigger', async () => {
    expect(await prove({ denied: 'alice' })).toBe('uploader_denied')
    expect(await proveByTrigger('photos/alice/1.png', { denied: 'alice' })).toBe('uploader_denied')
    expect(await prove({ denied: 'bob' })).toEqual(PROVEN)
    expect(await proveByTrigger('photos/alice/1.png', { denied: 'bob' })).toEqual(PROVEN)
  })

  it('of a subject whose folder is a hash reaches the trigger', async () => {
    const sub = 'x'.repeat(200)
    const key = `photos/${toSegment(sub)}/1.png`
    expect(await proveByTrigger(key, { denied: sub })).toBe('uploader_denied')
    expect(await proveByTrigger(key, { denied: `${sub}y` })).toMatchObject({ rule: 'photo' })
  })

  it.each<[string, Change['rules'], string]>([
    ['rule', defineRules({ other: { key: 'photos/{sub}/{path}', upload: {} } }), 'rule_withdrawn'],
    [
      'uploads',
      defineRules({ photo: { key: 'photos/{sub}/{path}', download: {} } }),
      'rule_withdrawn',
    ],
    ['mechanism', photoOf({ mechanisms: ['form'] }), 'rule_withdrawn'],
    [
      'bucket',
      defineRules({ photo: { bucket: 'other', key: 'photos/{sub}/{path}', upload: {} } }),
      'rule_withdrawn',
    ],
    ['folder', defineRules({ photo: { key: 'images/{sub}/{path}', upload: {} } }), 'upload_name'],
    ['type', photoOf({ contentTypes: ['image/jpeg'] }), 'upload_type'],
    ['size above', photoOf({ maxBytes: 4 }), 'upload_size'],
    ['size below', photoOf({ minBytes: 6 }), 'upload_size'],
  ])('with its %s reaches uploads under way', async (_, rules, reason) => {
    expect(await prove({ ...(rules && { rules }) })).toBe(reason)
  })

  it('with uploads in parts reaches those under way', async () => {
    const ticket: Ticket = { ...TICKET, use: 'multipart', partSize: 5 }
    const body = { operation: 'CompleteMultipartUpload' }
    const head = { 'x-oss-object-type': 'Multipart' }
    expect(await prove({ ticket, body, head })).toEqual(PROVEN)
    const rules = photoOf({ multipart: false })
    expect(await prove({ ticket, body, head, rules })).toBe('rule_withdrawn')
  })

  it('to name objects oneself reaches forms under way', async () => {
    const { prefix } = STS_TICKET as Ticket & { prefix: string }
    const ticket: Ticket = { ...STS_TICKET, use: 'form', prefix }
    const body = { operation: 'PostObject' }
    const rules = photoOf({ unenforced: { form: ['name'] } })
    expect(await prove({ ticket, body, rules })).toMatchObject({ mechanism: 'form' })
    expect(await prove({ ticket, body })).toBe('rule_withdrawn')
    expect(await prove({ ticket, body: { operation: 'PutObject' }, rules })).toBe('ticket_mismatch')
  })

  it('leaves what the rule still allows', async () => {
    expect(await prove({ rules: photoOf(ALL) })).toEqual(PROVEN)
    expect(await prove({ rules: RULES })).toEqual(PROVEN)
  })
})

describe('the work for a stranger', () => {
  const keyUrl = 'https://gosspublic.alicdn.com/callback_pub_key_v2.pem'
  const headers = { 'x-oss-pub-key-url': Buffer.from(keyUrl).toString('base64') }

  it('ends at the ticket, before any key is looked for', async () => {
    expect(await prove({ body: { ticket: 'a.b.c' }, headers })).toBe('ticket_invalid')
    expect(requests).toEqual([])
  })

  it('with a ticket ends at the signature, before OSS is asked', async () => {
    expect(await prove({ headers: { authorization: 'AAAA' } })).toBe('callback_signature')
    expect(requests).toEqual([])
  })
})
