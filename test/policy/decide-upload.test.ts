// Covers shared/policy/permit-upload.ts.
import { decide } from '../../shared/policy/decide'
import type { CallerRequest } from '../../shared/rules/requests'
import { MiB } from '../../shared/rules/rules'
import { ALICE, CONTEXT, FORM, NOW, PUT, refusal, UUID, withRule } from './support/example'

describe('an upload', () => {
  test('is granted by URL with the exact size', async () => {
    expect(await decide(ALICE, { ...PUT, contentMd5: 'x' }, CONTEXT)).toStrictEqual({
      kind: 'upload',
      mechanism: 'url',
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      key: `avatars/alice/${UUID}.png`,
      contentType: 'image/png',
      minBytes: 5,
      maxBytes: 5,
      contentLength: 5,
      contentMd5: 'x',
      overwrite: false,
      headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
      expiresAt: NOW + 600,
    })
  })

  test('is granted by form without a size', async () => {
    const grant = await decide(ALICE, FORM, CONTEXT)
    expect(grant).toMatchObject({ mechanism: 'form', minBytes: 0, maxBytes: 5 * MiB })
    expect(grant).not.toHaveProperty('contentLength')
    expect(grant).not.toHaveProperty('contentMd5')
  })

  test.each([0, 5])(
    'is granted by form for the one size that was asked for: %d',
    async (contentLength) => {
      const grant = await decide(ALICE, { ...FORM, contentLength }, CONTEXT)
      expect(grant).toMatchObject({
        minBytes: contentLength,
        maxBytes: contentLength,
        contentLength,
      })
    },
  )

  test('may overwrite where the rule says so', async () => {
    const wish = { ...PUT, rule: 'documents', filename: 'a.pdf', contentType: 'application/pdf' }
    expect(await decide(ALICE, wish, CONTEXT)).toMatchObject({ overwrite: true })
  })

  test('lives 900 seconds unless the rule says otherwise', async () => {
    const wish = { ...PUT, rule: 'documents', filename: 'a.pdf', contentType: 'application/pdf' }
    expect(await decide(ALICE, wish, CONTEXT)).toMatchObject({ expiresAt: NOW + 900 })
  })

  test('goes to the bucket of its rule', async () => {
    const context = withRule({ bucket: 'own-bkt', key: 'a/{sub}/{path}', upload: {} })
    expect(await decide(ALICE, PUT, context)).toMatchObject({ bucket: 'own-bkt' })
  })

  test('needs its size where a rule limits sizes and a URL is asked for', async () => {
    const { contentLength, ...wish } = PUT
    const { reason, issues } = await refusal(wish as CallerRequest)
    expect([reason, issues]).toEqual([
      'request_malformed',
      [{ path: 'contentLength', message: 'is missing; this rule limits sizes' }],
    ])
  })

  test('needs its size where a rule has only a lower limit', async () => {
    const { contentLength, ...wish } = PUT
    const context = withRule({ key: 'a/{sub}/{path}', upload: { minBytes: 1 } })
    expect((await refusal(wish as CallerRequest, context)).reason).toBe('request_malformed')
  })

  test('needs no size where no rule limits it', async () => {
    const { contentLength, ...wish } = PUT
    const context = withRule({ key: 'a/{sub}/{path}', upload: {} })
    expect(await decide(ALICE, wish as CallerRequest, context)).toMatchObject({
      maxBytes: 5 * 1024 ** 3,
    })
  })

  test.each([PUT, FORM])('keeps to both size limits ($operation)', async (wish) => {
    const context = withRule({ key: 'a/{sub}/{path}', upload: { minBytes: 2, maxBytes: 4 } })
    const sized = (contentLength: number) => ({ ...wish, contentLength }) as CallerRequest
    expect(await refusal(sized(1), context)).toMatchObject({
      reason: 'file_too_small',
      facts: { minBytes: 2 },
    })
    expect(await decide(ALICE, sized(2), context)).toMatchObject({ contentLength: 2 })
    expect(await decide(ALICE, sized(4), context)).toMatchObject({ contentLength: 4 })
    expect(await refusal(sized(5), context)).toMatchObject({
      reason: 'file_too_large',
      facts: { maxBytes: 4 },
    })
  })

  test('is at most 5 GB in one request, whatever the rule says', async () => {
    const context = withRule({ key: 'a/{sub}/{path}', upload: { maxBytes: 6 * 1024 ** 3 } })
    const sized = (contentLength: number) => ({ ...PUT, contentLength }) as CallerRequest
    expect(await decide(ALICE, sized(5 * 1024 ** 3), context)).toMatchObject({
      maxBytes: 5 * 1024 ** 3,
    })
    expect((await refusal(sized(5 * 1024 ** 3 + 1), context)).reason).toBe('file_too_large')
  })

  test('is refused by type, and the refusal says which types go', async () => {
    expect(await refusal({ ...PUT, contentType: 'image/gif' })).toMatchObject({
      reason: 'file_type_not_allowed',
      facts: { contentTypes: ['image/png', 'image/jpeg', 'image/webp'] },
    })
  })

  test('is refused by a mechanism that the rule leaves out', async () => {
    expect(await refusal({ ...FORM, rule: 'documents' })).toMatchObject({
      reason: 'mechanism_not_allowed',
      facts: { rule: 'documents', mechanisms: ['sts', 'url'] },
    })
  })

  test('is refused where a rule only downloads', async () => {
    const context = withRule({ key: 'a/{sub}/{path}', download: {} })
    expect((await refusal(PUT, context)).reason).toBe('operation_not_allowed')
  })

  test('needs its MD5 where the rule asks for it', async () => {
    const context = withRule({
      key: 'a/{sub}/{path}',
      upload: { contentMd5: 'required', mechanisms: ['url'] },
    })
    expect((await refusal(PUT, context)).issues).toEqual([
      { path: 'contentMd5', message: 'is missing; this rule requires it' },
    ])
    expect(
      await decide(ALICE, { ...PUT, contentMd5: 'x' } as CallerRequest, context),
    ).toMatchObject({
      contentMd5: 'x',
    })
  })

  test('needs no MD5 in a form whose rule accepts to be without', async () => {
    const upload = {
      contentMd5: 'required',
      mechanisms: ['form'],
      unenforced: { form: ['contentMd5'] },
    } as const
    const grant = await decide(ALICE, FORM, withRule({ key: 'a/{sub}/{path}', upload }))
    expect(grant).toMatchObject({ mechanism: 'form' })
  })

  test('is refused under a name that can not be a key', async () => {
    expect(await refusal({ ...PUT, filename: '../bob.png' })).toMatchObject({
      reason: 'key_invalid',
      facts: { problem: 'it contains "." or ".." as a path segment' },
    })
  })

  test('in parts is granted whatever its length, up to the limit of the rule', async () => {
    const parts = { ...PUT, operation: 'multipart', contentLength: 6 * 1024 ** 3 } as const
    const wish = parts as CallerRequest
    const context = withRule({ key: 'a/{sub}/{path}', upload: {} })
    expect(await decide(ALICE, wish, context)).toMatchObject({
      mechanism: 'url',
      contentLength: 6 * 1024 ** 3,
    })
    const sized = (contentLength: number) => ({ ...parts, contentLength }) as CallerRequest
    const most = 53_656_167_435_468
    expect(await decide(ALICE, sized(most), context)).toMatchObject({ maxBytes: most })
    expect((await refusal(sized(most + 1), context)).reason).toBe('file_too_large')
    expect(await decide(ALICE, wish, context)).not.toHaveProperty('partBytes')
    const limited = withRule({ key: 'a/{sub}/{path}', upload: { maxBytes: 6 * 1024 ** 3 } })
    expect(await decide(ALICE, wish, limited)).toMatchObject({ maxBytes: 6 * 1024 ** 3 })
    expect((await refusal(sized(6 * 1024 ** 3 + 1), limited)).reason).toBe('file_too_large')
  })

  test('in parts has parts as large as the rule says', async () => {
    const wish = { ...PUT, operation: 'multipart' } as CallerRequest
    const context = withRule({ key: 'a/{sub}/{path}', upload: { multipart: { partBytes: MiB } } })
    expect(await decide(ALICE, wish, context)).toMatchObject({ partBytes: MiB })
    expect(await decide(ALICE, PUT, context)).not.toHaveProperty('partBytes')
  })

  test.each([
    [{ maxBytes: 8001 * MiB }, 9 * MiB],
    [{ maxBytes: 8000 * MiB }, 8 * MiB],
    [{ maxBytes: 8001 * MiB, multipart: { partBytes: MiB } }, MiB],
    [{ minBytes: 1 }, 8 * MiB],
  ])(
    'in parts has parts of one size, whatever its length, by a rule with %j',
    async (upload, partBytes) => {
      const context = withRule({ key: 'a/{sub}/{path}', upload })
      for (const contentLength of [5, 4000 * MiB]) {
        const wish = { ...PUT, operation: 'multipart', contentLength } as CallerRequest
        expect(await decide(ALICE, wish, context)).toMatchObject({ partBytes })
      }
    },
  )

  test.each([{ multipart: false }, { contentMd5: 'required', mechanisms: ['url'] }] as const)(
    'in parts is refused by a rule with %j',
    async (upload) => {
      const wish = { ...PUT, operation: 'multipart' } as CallerRequest
      const context = withRule({ key: 'a/{sub}/{path}', upload })
      expect((await refusal(wish, context)).reason).toBe('operation_not_allowed')
    },
  )

  test('in parts is refused where URLs are not used', async () => {
    const wish = { ...PUT, operation: 'multipart' } as CallerRequest
    const context = withRule({ key: 'a/{sub}/{path}', upload: { mechanisms: ['form'] } })
    expect((await refusal(wish, context)).reason).toBe('mechanism_not_allowed')
  })

  test('stores the metadata that its rule names, up to its length in bytes', async () => {
    const context = withRule({
      key: 'a/{sub}/{path}',
      upload: { mechanisms: ['url'], metadata: { title: 3, 'x-y': 1 } },
    })
    const named = (metadata: object) => ({ ...PUT, metadata }) as CallerRequest
    expect(await decide(ALICE, named({ title: 'abc' }), context)).toMatchObject({
      headers: {
        'x-oss-object-acl': 'private',
        'x-oss-storage-class': 'Standard',
        'x-oss-meta-title': 'abc',
      },
    })
    expect((await refusal(named({ title: 'abcd' }), context)).issues).toEqual([
      { path: 'metadata.title', message: 'must be at most 3 bytes long after percent-encoding' },
    ])
    expect((await refusal(named({ other: 'a' }), context)).issues).toEqual([
      { path: 'metadata.other', message: 'is not allowed by this rule' },
    ])
    expect((await refusal(named({ title: 'a' }))).reason).toBe('request_malformed')
  })
})
