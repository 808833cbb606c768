// Covers shared/rules/rights.ts too.
import { findEnforcer, listLimits } from '../../shared/rules/enforcement'
import { mayBeInline, sessionRightsOf } from '../../shared/rules/rights'
import type { RuleInput } from '../../shared/rules/rule-input'
import { defineRules } from '../../shared/rules/rules'
import { STS } from '../policy/support/wrong-rules'

function ruleOf(input: RuleInput) {
  const rule = defineRules({ files: input }).get('files')
  if (rule === undefined) throw new Error('It is defined above')
  return rule
}

const plain = ruleOf(STS)
const open = ruleOf({
  key: 'open/{sub}/{path}',
  upload: {
    overwrite: true,
    acl: 'public-read',
    mechanisms: ['sts'],
    unenforced: { sts: ['callback', 'acl'] },
  },
})
const readOnly = ruleOf({ key: 'read/{sub}/{path}', download: {} })

describe('who enforces a limit', () => {
  test.each([
    ['size', 'form', 'oss'],
    ['size', 'sts', 'callback'],
    ['key', 'sts', 'callback'],
    ['headers', 'sts', 'callback'],
    ['metadata', 'url', 'oss'],
    ['metadata', 'form', 'callback'],
    ['metadata', 'sts', 'callback'],
    ['contentMd5', 'form', 'nobody'],
    ['overwrite', 'sts', 'nobody'],
    ['acl', 'sts', 'oss'],
    // Not a limit of uploads at all.
    ['as', 'url', 'nobody'],
  ] as const)('of %s by %s is %s', (limit, mechanism, enforcer) => {
    expect(findEnforcer(plain, 'upload', mechanism, limit)).toBe(enforcer)
  })

  test('is nobody for the ACL by STS where the rule does without it, and OSS by all other ways', () => {
    expect(findEnforcer(open, 'upload', 'sts', 'acl')).toBe('nobody')
    expect(findEnforcer(open, 'upload', 'form', 'acl')).toBe('oss')
    expect(findEnforcer(open, 'upload', 'sts', 'size')).toBe('callback')
  })
})

test('a session must name the ACL unless the rule does without it, or leaves it to the bucket', () => {
  const bucketsOwn = ruleOf({ ...STS, upload: { ...STS.upload, acl: 'default' } } as RuleInput)
  expect([plain, open, readOnly, bucketsOwn].map(sessionRightsOf)).toEqual([
    { acl: 'private', needsAcl: true },
    { acl: 'public-read', needsAcl: false },
    { acl: 'private', needsAcl: true },
    { acl: 'default', needsAcl: false },
  ])
})

test('nobody sees to the callback of forms that may do without one', () => {
  const upload = { mechanisms: ['form', 'url'], unenforced: { form: ['callback'] } } as const
  const rule = ruleOf({ key: 'a/{sub}/{path}', upload })
  expect(findEnforcer(rule, 'upload', 'form', 'callback')).toBe('nobody')
  expect(findEnforcer(rule, 'upload', 'url', 'callback')).toBe('oss')
  expect(findEnforcer(plain, 'upload', 'form', 'callback')).toBe('oss')
})

describe('what forms give up', () => {
  const key = 'a/{sub}/{uuid}'
  const giving = (...form: string[]) =>
    ruleOf({ key, upload: { mechanisms: ['form', 'url'], unenforced: { form } } } as RuleInput)

  test.each([
    ['name', 'callback'],
    ['contentType', 'callback'],
    ['headers', 'callback'],
    ['overwrite', 'nobody'],
    ['acl', 'nobody'],
  ] as const)(
    'of %s is left to %s, and to OSS by other mechanisms and rules',
    (limit, enforcer) => {
      const rule = giving('name', 'key', limit)
      expect(findEnforcer(rule, 'upload', 'form', limit)).toBe(enforcer)
      expect(findEnforcer(rule, 'upload', 'url', limit)).toBe('oss')
      expect(findEnforcer(giving('callback'), 'upload', 'form', limit)).toBe('oss')
    },
  )

  test('includes the shape of the key with its name', () => {
    expect(findEnforcer(giving('name', 'key'), 'upload', 'form', 'key')).toBe('callback')
    expect(findEnforcer(giving('acl'), 'upload', 'form', 'key')).toBe('oss')
    expect(listLimits(giving('name', 'key'), 'upload')).toContain('name')
    expect(listLimits(giving('acl'), 'upload')).not.toContain('name')
  })
})

describe('the limits that a rule sets', () => {
  test('are those of its uploads', () => {
    expect(listLimits(plain, 'upload')).toEqual(['acl', 'callback'])
    const all = ruleOf({
      key: 'a/{sub}/{uuid}',
      upload: {
        mechanisms: ['url'],
        contentTypes: ['image/*'],
        minBytes: 1,
        contentMd5: 'required',
        cacheControl: 'no-cache',
        metadata: {},
      },
    })
    expect(listLimits(all, 'upload')).toEqual([
      ...['key', 'size', 'contentType', 'contentMd5', 'overwrite'],
      ...['acl', 'headers', 'metadata', 'callback'],
    ])
  })

  test('are those of its downloads', () => {
    expect(listLimits(readOnly, 'download')).toEqual([])
    const all = ruleOf({
      key: 'a/{sub}/{uuid}',
      download: { as: 'attachment', styles: ['thumb'] },
    })
    expect(listLimits(all, 'download')).toEqual(['key', 'as', 'process'])
  })

  test('are none of a side that it does not have', () => {
    expect(listLimits(readOnly, 'upload')).toEqual([])
    expect(listLimits(plain, 'download')).toEqual([])
  })
})

describe('objects of a rule may be shown in browsers', () => {
  const key = 'files/{sub}/{path}'
  const showing = (contentTypes?: string[]) =>
    mayBeInline(ruleOf({ key, upload: { ...(contentTypes && { contentTypes }) }, download: {} }))

  test.each([
    ...['image/png', 'image/jpeg', 'image/gif', 'image/webp', 'image/avif', 'Image/PNG'],
    ...['application/pdf', 'text/plain', 'audio/*', 'video/*', 'audio/mpeg', 'video/mp4'],
  ])('where all that is uploaded is of a type like %s', (type) => {
    expect(showing([type])).toBe(true)
    expect(showing([type, 'image/png'])).toBe(true)
  })

  test.each([
    ...['*/*', 'image/*', 'text/*', 'application/*', 'image/svg+xml', 'image/bmp', 'image/png2'],
    ...['text/html', 'text/xsl', 'text/xml', 'application/xml', 'text/javascript', 'text/css'],
    ...['application/unknown', 'unknown/unknown', 'application/octet-stream', 'application/json'],
    ...['video/x+xml', 'AUDIO/x+XML', 'multipart/x-mixed-replace', 'message/rfc822', 'text/plain2'],
  ])('but not where it may be %s', (type) => {
    expect(showing([type])).toBe(false)
    expect(showing([type, 'image/png'])).toBe(false)
  })

  test('but not where any type may be uploaded', () => {
    expect(showing()).toBe(false)
  })

  test('but not where STS is one of the mechanisms, which binds no type', () => {
    const unenforced = { sts: ['contentType', 'callback'] } as const
    const mechanisms = ['url', 'sts', 'form'] as const
    const upload = { contentTypes: ['image/png'], overwrite: true, mechanisms, unenforced }
    expect(mayBeInline(ruleOf({ key, upload, download: {} }))).toBe(false)
  })

  test('where nobody uploads, if the rule says so', () => {
    expect(mayBeInline(readOnly)).toBe(false)
    expect(mayBeInline(ruleOf({ key, download: { as: 'inline' } }))).toBe(true)
  })
})
