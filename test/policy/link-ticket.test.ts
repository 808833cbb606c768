import { signLinkTicket, toLinkTicket, verifyLinkTicket } from '../../shared/policy/link-ticket'
import type { RuleInput } from '../../shared/rules/rule-input'
import { defineRules } from '../../shared/rules/rules'
import { reasonOf, refusalOf } from '../support/reason'
import { ALICE, NOW as now, STS } from './support/example'
import { KEYS } from './support/tickets'

const RULE: RuleInput = {
  allow: () => true,
  key: 'documents/{sub}/{path}',
  download: { mechanisms: ['sts'] },
}
const CALLER = { ...ALICE, claims: { plan: 'pro', jti: 'token-1' }, expiresAt: now + 600 }

function toRule(change: Partial<RuleInput> = {}) {
  const rule = defineRules({ documents: { ...RULE, ...change } }).get('documents')
  if (rule === undefined) throw new Error('no rule')
  return rule
}

const make = (caller = CALLER, change: Partial<RuleInput> = {}, request = STS) =>
  toLinkTicket(caller, request, { id: 'id-1', now, rule: toRule(change) })

describe('the ticket of a link', () => {
  it('has the request, the caller and the claims, for 12 hours', () => {
    expect(make(CALLER, {}, { ...STS, durationSeconds: 900 })).toEqual({
      id: 'id-1',
      rule: 'documents',
      access: 'read-write',
      durationSeconds: 900,
      sub: 'alice',
      tokenId: 'token-1',
      tokenExpiresAt: now + 600,
      claims: CALLER.claims,
      issuedAt: now,
      expiresAt: now + 43_200,
    })
  })

  it('has no claims where no allow reads them', () => {
    const { allow: _, ...rule } = RULE
    const link = toLinkTicket(CALLER, STS, {
      ...{ id: 'id-1', now },
      rule: defineRules({ documents: rule }).get('documents') as never,
    })
    expect(link).not.toHaveProperty('claims')
    expect(link.tokenId).toBe('token-1')
  })

  it('lives as long as its rule says, and within the token where the rule says so', () => {
    expect(make(CALLER, { linkSeconds: 30 }).expiresAt).toBe(now + 30)
    expect(make(CALLER, { withinToken: true }).expiresAt).toBe(now + 600)
    expect(make(CALLER, { withinToken: true, linkSeconds: 599 }).expiresAt).toBe(now + 599)
    expect(make(ALICE as never, { withinToken: true }).expiresAt).toBe(now)
  })

  it('comes back as it was signed', () => {
    for (const link of [
      make(),
      make(ALICE as never),
      make(CALLER, {}, { ...STS, durationSeconds: 900 }),
    ]) {
      expect(verifyLinkTicket(signLinkTicket(link, KEYS), { ...KEYS, now })).toStrictEqual(link)
    }
  })

  it('has at most so many bytes of claims, and says so', async () => {
    const size = Buffer.byteLength(JSON.stringify({ plan: '' }))
    const claims = (bytes: number) => ({ ...ALICE, claims: { plan: 'x'.repeat(bytes - size) } })
    expect(make(claims(1024) as never).claims).toBeDefined()
    const { reason, issues } = await refusalOf(() => make(claims(1025) as never))
    expect([reason, issues]).toEqual([
      'request_malformed',
      [
        {
          path: '',
          message:
            'The token has 1025 bytes of claims, more than the 1024 of a link: request credentials without a link',
        },
      ],
    ])
  })

  it('is refused where its token has too long an id', async () => {
    const { allow: _, ...rule } = RULE
    const caller = { ...ALICE, claims: { jti: 'x'.repeat(3000) } }
    const made = toLinkTicket(caller, STS, {
      ...{ id: 'id-1', now },
      rule: defineRules({ documents: rule }).get('documents') as never,
    })
    const { reason, issues } = await refusalOf(() => signLinkTicket(made, KEYS))
    expect([reason, issues[0]?.message]).toEqual([
      'request_malformed',
      'The token has too long a subject or id for a link: request credentials without a link',
    ])
  })
})

describe('a link', () => {
  const text = signLinkTicket(make(), KEYS)
  const reason = (given: string, options = {}) =>
    reasonOf(() => void verifyLinkTicket(given, { ...KEYS, now, ...options }))

  it('works to its last second', () => {
    expect(reason(text, { now: now + 43_199 })).toBe('accepted')
    expect(reason(text, { now: now + 43_200 })).toBe('link_expired')
  })

  it('is none of another deployment or under another secret', () => {
    expect(reason(text, { audience: 'https://other.example.com/upload-callback' })).toBe(
      'link_invalid',
    )
    expect(reason(text, { secrets: ['a-secret-of-somebody-else-xxxxxxxx'] })).toBe('link_invalid')
  })

  it.each(['', 'abc', '-1', 'NaN', 'null', '[]'])('is not %j', (given) => {
    expect(reason(given)).toBe('link_invalid')
  })

  it('is none with a flipped character', () => {
    const index = text.indexOf('.') + 10
    const flipped = text[index] === 'A' ? 'B' : 'A'
    expect(reason(text.slice(0, index) + flipped + text.slice(index + 1))).toBe('link_invalid')
  })
})
