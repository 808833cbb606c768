import { decide, decideBegunUpload } from '../../shared/policy/decide'
import { ALICE, FORM, GET, NOW, PUT, refusal, STS, withRule } from './support/example'

const RULE = {
  key: 'avatars/{sub}/{path}',
  withinToken: true,
  upload: {
    ttlSeconds: 3600,
    overwrite: true,
    mechanisms: ['url', 'form', 'sts'],
    unenforced: { sts: ['callback'] },
  },
  download: { ttlSeconds: 3600 },
} as const
const WITHIN = withRule(RULE)
const MULTIPART = { ...PUT, operation: 'multipart', contentLength: 5 } as const
const LENT = { ...STS, rule: 'avatar' } as const

const until = (expiresAt: number) => ({ ...ALICE, expiresAt })

describe.each([PUT, FORM, MULTIPART, GET])('a grant of $operation', (request) => {
  test('ends with the token where that is sooner', async () => {
    for (const seconds of [1, 3599, 3600]) {
      const grant = await decide(until(NOW + seconds), request, WITHIN)
      expect(grant.expiresAt).toBe(NOW + seconds)
    }
    expect((await decide(until(NOW + 3601), request, WITHIN)).expiresAt).toBe(NOW + 3600)
  })

  test('is refused to a token that has ended, or of which nobody knows when it does', async () => {
    for (const caller of [until(NOW), until(NOW - 30), ALICE]) {
      expect((await refusal(request, WITHIN, caller)).reason).toBe('token_expired')
    }
  })

  test('does not end with the token by any other rule', async () => {
    const { withinToken: _, ...rule } = RULE
    const grant = await decide(until(NOW + 1), request, withRule(rule))
    expect(grant.expiresAt).toBe(NOW + 3600)
  })
})

test('URLs for parts end with the token that asks for them', async () => {
  const { rule, contentType, contentLength } = MULTIPART
  const begun = { rule, contentType, contentLength, key: 'avatars/alice/a' }
  const grant = await decideBegunUpload(until(NOW + 60), begun, WITHIN)
  expect(grant.expiresAt).toBe(NOW + 60)
})

test('STS credentials end with the token, and need one of 900 seconds', async () => {
  const lasting = async (seconds: number) => {
    const { durationSeconds, expiresAt } = await decide(until(NOW + seconds), LENT, WITHIN)
    return [durationSeconds, expiresAt - NOW]
  }
  expect(await lasting(900)).toEqual([900, 900])
  expect(await lasting(3599)).toEqual([3599, 3599])
  expect(await lasting(3601)).toEqual([3600, 3600])
  expect((await refusal(LENT, WITHIN, until(NOW + 899))).reason).toBe('token_expired')
  expect((await refusal(LENT, WITHIN)).reason).toBe('token_expired')
  const longer = { ...LENT, durationSeconds: 1001 }
  expect((await refusal(longer, WITHIN, until(NOW + 1000))).issues).toEqual([
    { path: 'durationSeconds', message: 'must be at most 1000 for this rule' },
  ])
})
