// Covers shared/policy/permit-prefix.ts and shared/policy/prefix-grant.ts.
import { decide } from '../../shared/policy/decide'
import { signTicket, verifyTicket } from '../../shared/policy/signed-ticket'
import { toTicket } from '../../shared/policy/ticket'
import { ALICE, CONTEXT, NOW, refusal, STS, withRule } from './support/example'

describe('STS credentials', () => {
  test('are granted for the prefix of the caller', async () => {
    expect(await decide(ALICE, STS, CONTEXT)).toStrictEqual({
      kind: 'prefix',
      rule: 'documents',
      sub: 'alice',
      bucket: 'demo-bkt',
      prefix: 'documents/alice/',
      access: 'read-write',
      list: false,
      acl: 'private',
      needsAcl: false,
      durationSeconds: 900,
      contentTypes: ['application/pdf', 'image/*'],
      minBytes: 0,
      maxBytes: 2 * 1024 ** 3,
      headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
      expiresAt: NOW + 900,
    })
  })

  const lending = {
    key: 'a/{sub}/{path}',
    upload: {
      ttlSeconds: 3600,
      overwrite: true,
      mechanisms: ['sts'],
      unenforced: { sts: ['callback'] },
    },
    download: { ttlSeconds: 1800, list: true },
  } as const
  const wish = { ...STS, rule: 'avatar' } as const

  test('of a rule without sizes have a ticket that can be read back', async () => {
    const grant = await decide(ALICE, { ...wish, access: 'write' }, withRule(lending))
    const keys = {
      secrets: ['a ticket secret of thirty-two bytes.'],
      audience: 'https://a.example',
    }
    const text = signTicket(toTicket(grant, { id: 'id', now: NOW }), keys)
    const { maxBytes } = verifyTicket(text, { ...keys, now: NOW, use: ['sts'] })
    expect(maxBytes).toBe(53_656_167_435_468)
  })

  test.each([
    ['read', 1800, true],
    ['write', 3600, false],
    ['read-write', 1800, true],
  ] as const)('to %s live %i seconds', async (access, durationSeconds, list) => {
    expect(await decide(ALICE, { ...wish, access }, withRule(lending))).toMatchObject({
      durationSeconds,
      expiresAt: NOW + durationSeconds,
      list,
    })
  })

  test('live as long as asked for, up to the limit of the rule', async () => {
    const context = withRule(lending)
    const asked = (durationSeconds: number) => ({ ...wish, durationSeconds })
    expect(await decide(ALICE, asked(900), context)).toMatchObject({ expiresAt: NOW + 900 })
    expect(await decide(ALICE, asked(1800), context)).toMatchObject({ expiresAt: NOW + 1800 })
    expect((await refusal(asked(1801), context)).issues).toEqual([
      { path: 'durationSeconds', message: 'must be at most 1800 for this rule' },
    ])
  })

  test('live one of a few times, so that a hundred wishes need few sessions', async () => {
    const durations = await Promise.all(
      Array.from({ length: 100 }, async (_, index) => {
        const wanted = 901 + 9 * index
        const grant = await decide(ALICE, { ...wish, durationSeconds: wanted }, withRule(lending))
        expect(grant.durationSeconds).toBeGreaterThanOrEqual(wanted)
        return grant.durationSeconds
      }),
    )
    expect([...new Set(durations)]).toEqual([1800])
  })

  test('to read come from a rule without uploads, and are limited by none', async () => {
    const reading = { key: 'a/{sub}/{path}', download: { mechanisms: ['sts'] } } as const
    const grant = await decide(ALICE, { ...wish, access: 'read' }, withRule(reading))
    expect(grant).toMatchObject({ list: false, contentTypes: [], minBytes: 0 })
    expect(grant).not.toHaveProperty('kmsKeyId')
    expect(grant).not.toHaveProperty('sourceIp')
  })

  test('carry the least size, and the rights on keys, that their rule needs', async () => {
    const encrypted = {
      key: 'a/{sub}/{path}',
      upload: {
        ...lending.upload,
        minBytes: 7,
        serverSideEncryption: 'KMS',
        kmsKeyId: 'key-1',
        unenforced: { sts: ['callback', 'size', 'headers', 'kmsKey'] },
      },
    } as const
    const grant = await decide(ALICE, { ...wish, access: 'write' }, withRule(encrypted))
    expect(grant).toMatchObject({ kmsKeyId: 'key-1', needsAcl: true, minBytes: 7 })
  })

  test('are refused by a rule that does not lend them', async () => {
    expect(await refusal({ ...wish, access: 'write' })).toMatchObject({
      reason: 'mechanism_not_allowed',
      facts: { mechanisms: ['form', 'url'] },
    })
    expect((await refusal({ ...wish, access: 'read' })).reason).toBe('mechanism_not_allowed')
  })

  test.each(['read', 'read-write'] as const)(
    'to %s are refused without downloads',
    async (access) => {
      const { download, ...rule } = lending
      expect((await refusal({ ...wish, access }, withRule(rule))).reason).toBe(
        'operation_not_allowed',
      )
    },
  )

  test('to write are refused without uploads', async () => {
    const context = withRule({ key: 'a/{sub}/{path}', download: { mechanisms: ['sts'] } })
    expect((await refusal({ ...wish, access: 'write' }, context)).reason).toBe(
      'operation_not_allowed',
    )
  })

  test('are bound to an address where the rule asks for it, and refused without one', async () => {
    const upload = { ...lending.upload, bindSourceIp: true }
    const context = withRule({ ...lending, upload })
    expect(await decide(ALICE, wish, context)).toMatchObject({ sourceIp: '203.0.113.7' })
    const { sourceIp, ...nowhere } = context
    expect((await refusal(wish, nowhere)).reason).toBe('caller_not_allowed')
  })
})
