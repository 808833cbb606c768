// Covers shared/rules/check-rules.ts, shared/rules/rule.ts and shared/rules/to-rule.ts too.
import exampleRules from '../../rules'
import type { RuleInput, UploadInput } from '../../shared/rules/rule-input'
import { defineRules, GiB, KiB, MiB } from '../../shared/rules/rules'
import { issuesOf, UPLOAD } from '../policy/support/wrong-rules'

test('counts bytes in powers of 1024', () => {
  expect([KiB, MiB, GiB]).toEqual([1024, 1_048_576, 1_073_741_824])
})

test('takes the example rules and fills in what they leave out', () => {
  expect([...exampleRules.keys()]).toEqual(['avatar', 'documents'])
  expect(exampleRules.get('avatar')).toMatchObject({
    name: 'avatar',
    upload: {
      minBytes: 0,
      maxBytes: 5 * MiB,
      isSized: true,
      ttlSeconds: 600,
      overwrite: false,
      mechanisms: ['form', 'url'],
      unenforced: {},
      headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
      fixesHeaders: false,
      needsMd5: false,
      bindSourceIp: false,
    },
    download: { ttlSeconds: 300, mechanisms: ['url'], styles: [], list: false },
  })
  expect(exampleRules.get('documents')).toMatchObject({
    upload: { ttlSeconds: 900, overwrite: true, mechanisms: ['sts', 'url'] },
    download: { ttlSeconds: 900, mechanisms: ['url', 'sts'] },
  })
})

test('takes a rule with everything in it', () => {
  const full = {
    bucket: 'own-bkt',
    allow: () => true,
    key: 'full/{sub}/{path}',
    upload: {
      contentTypes: ['image/*'],
      minBytes: 1,
      maxBytes: GiB,
      ttlSeconds: 3600,
      overwrite: false,
      mechanisms: ['sts', 'url', 'form'],
      unenforced: {
        sts: [
          'size',
          'contentType',
          'contentMd5',
          'overwrite',
          'headers',
          'metadata',
          'callback',
          'kmsKey',
        ],
        form: ['contentMd5', 'metadata'],
      },
      metadata: { title: 100 },
      cacheControl: 'private, max-age=60',
      contentDisposition: 'attachment',
      storageClass: 'IA',
      serverSideEncryption: 'KMS',
      kmsKeyId: '08c33a6f-4e0a-4a1b-a3fa-7ddfa1d4fb73',
      acl: 'private',
      contentMd5: 'required',
      bindSourceIp: true,
    },
    download: {
      ttlSeconds: 900,
      mechanisms: ['url', 'sts'],
      unenforced: { sts: ['as', 'process', 'kmsKey'] },
      as: 'attachment',
      styles: ['thumb'],
      list: true,
    },
  } as const satisfies RuleInput
  const rule = defineRules({ full }).get('full')
  expect(rule?.upload?.headers).toEqual({
    'x-oss-object-acl': 'private',
    'x-oss-storage-class': 'IA',
    'x-oss-server-side-encryption': 'KMS',
    'x-oss-server-side-encryption-key-id': '08c33a6f-4e0a-4a1b-a3fa-7ddfa1d4fb73',
    'cache-control': 'private, max-age=60',
    'content-disposition': 'attachment',
  })
  expect(rule?.upload).toMatchObject({ fixesHeaders: true, needsMd5: true, bindSourceIp: true })
  expect(rule?.upload?.metadata).toEqual(new Map([['title', 100]]))
  expect(rule?.download).toMatchObject({ as: 'attachment', styles: ['thumb'], list: true })
})

test('keeps the hooks of a rule, and makes none up', () => {
  const onUploaded = () => undefined
  const respond = () => ({})
  const key = 'files/{sub}/{path}'
  const hooked = defineRules({ files: { key, upload: { onUploaded, respond } } }).get('files')
  expect(hooked?.upload).toMatchObject({ onUploaded, respond })
  const plain = defineRules({ files: { key, upload: {}, download: {} } }).get('files')
  const names = ['name', 'template', 'linkSeconds', 'upload', 'download']
  expect(Object.keys(plain ?? {})).toEqual(names)
  expect(plain?.upload).not.toHaveProperty('onUploaded')
  expect(plain?.upload).not.toHaveProperty('respond')
  expect(plain?.upload).toMatchObject({ overwrite: false, multipart: {} })
  expect(plain?.download?.mechanisms).toEqual(['url'])
})

test('lists where a rule says so, for as long as it says', () => {
  const key = 'files/{sub}/{path}'
  const listOf = (list: object) => defineRules({ files: { key, list } }).get('files')?.list
  expect(listOf({})).toEqual({ ttlSeconds: 900 })
  expect(listOf({ ttlSeconds: 30 })).toEqual({ ttlSeconds: 30 })
  for (const [list, issue] of [
    [{ ttlSeconds: 29 }, 'list.ttlSeconds: must be at least 30'],
    [{ ttlSeconds: 3601 }, 'list.ttlSeconds: must be at most 3600'],
    [{ all: true }, 'list.all: is not known'],
    [true, 'list: must be an object'],
  ] as const) {
    expect(issuesOf({ files: { key, list } })).toEqual([`files.${issue}`])
  }
})

test('makes parts only where URLs upload', () => {
  const key = 'files/{sub}/{path}'
  const form = defineRules({ files: { key, upload: { mechanisms: ['form'] } } }).get('files')
  expect(form?.upload).not.toHaveProperty('multipart')
})

test('makes parts where files may be larger than 100 MiB, or where the rule asks for them', () => {
  const partsOf = (upload: UploadInput) =>
    defineRules({ files: { key: 'files/{sub}/{path}', upload } }).get('files')?.upload?.multipart
  expect(partsOf({ maxBytes: 100 * MiB })).toBeUndefined()
  expect(partsOf({ maxBytes: 100 * MiB + 1 })).toEqual({ partBytes: 8 * MiB })
  expect(partsOf({ minBytes: 1 })).toEqual({ partBytes: 8 * MiB })
  expect(partsOf({})).toEqual({})
  expect(partsOf({ maxBytes: 1, multipart: { partBytes: MiB } })).toEqual({ partBytes: MiB })
  expect(partsOf({ maxBytes: GiB, multipart: false })).toBeUndefined()
})

test('lists every issue of every rule at once', () => {
  const issues = issuesOf({
    a: { key: '{sub}/{path}', upload: { maxBytes: -1, bogus: 1 } },
    b: { key: 'b/{uuid}', upload: { mechanisms: ['sts'] } },
    c: { key: 'c/{sub}/{path}' },
    'd e': { key: 'd/{sub}/{path}', download: {} },
  })
  expect(issues).toEqual([
    'd e: is not a valid rule name (use up to 64 letters, digits, _ and -, beginning with a letter)',
    'a.upload.maxBytes: must be at least 0',
    'a.upload.bogus: is not known',
    'a.key: does not begin with a fixed folder (begin with one such as "files/": roles are limited to it)',
    'b.key: does not separate callers (put {sub}/ before {uuid}, {ext} and {path}, or set shared: true)',
    'c: permits nothing (add upload, download, list or remove)',
  ])
})

test('refuses to be without rules', () => {
  expect(issuesOf({})).toEqual(['rules: must contain at least one rule'])
})

test.each([null, [], 'x', 1])('refuses %j in place of a rule', (rule) => {
  expect(issuesOf({ files: rule })).toEqual(['files: must be an object'])
})

test.each([null, undefined, [], 'x', 7, new Map()])('refuses %p in place of all rules', (rules) => {
  expect(() => defineRules(rules as never)).toThrow('rules: must be an object of rules')
})

test('tells of a rule that throws when it is read, and of the others', () => {
  const getter = {
    get key(): string {
      throw new Error('no key today')
    },
  }
  expect(issuesOf({ files: getter, other: {} })).toEqual([
    "files: can't be read (Error: no key today; use plain values)",
    'other.key: is missing',
  ])
})

test('tells of what is wrong in values that lead back to themselves', () => {
  const rule: Record<string, unknown> = { key: 'files/{sub}/{path}' }
  rule.upload = { metadata: { a: rule }, contentTypes: [rule] }
  expect(issuesOf({ files: rule })).toHaveLength(2)
})

test.each(['constructor', 'prototype', 'toString', 'hasOwnProperty'])(
  'takes a rule of the name %s for a rule, and finds none where it is not defined',
  (name) => {
    expect(defineRules({ [name]: UPLOAD as RuleInput }).get(name)?.name).toBe(name)
    expect(defineRules({ files: UPLOAD as RuleInput }).get(name)).toBeUndefined()
  },
)

test('refuses a rule of the name __proto__', () => {
  expect(issuesOf(JSON.parse('{"__proto__":{"key":"a/{sub}/{path}","upload":{}}}'))).toEqual([
    expect.stringMatching(/^__proto__: is not a valid rule name/),
  ])
})
