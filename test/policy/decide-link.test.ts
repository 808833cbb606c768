import { decideLink } from '../../shared/policy/decide-link'
import { signLinkTicket, toLinkTicket } from '../../shared/policy/link-ticket'
import { signTicket, verifyTicket } from '../../shared/policy/signed-ticket'
import type { StsRequest } from '../../shared/rules/requests'
import type { RuleInput } from '../../shared/rules/rule-input'
import { defineRules } from '../../shared/rules/rules'
import { reasonOf, refusalOf } from '../support/reason'
import { CONTEXT, NOW } from './support/example'
import { KEYS, ticket as UPLOAD_TICKET } from './support/tickets'

const RULE: RuleInput = {
  allow: ({ claims }) => claims.plan === 'pro',
  key: 'documents/{sub}/{path}',
  download: { mechanisms: ['sts'], ttlSeconds: 3600 },
}
const { allow: _, ...OPEN } = RULE
const REQUEST: StsRequest = { operation: 'sts', rule: 'documents', access: 'read' }
const CALLER = {
  sub: 'alice',
  claims: { sub: 'alice', plan: 'pro', jti: 'token-1' },
  expiresAt: NOW + 3600,
}
const NOBODY = { subs: new Set<string>(), jtis: new Set<string>() }

function linkUnder(input: RuleInput, request = REQUEST): string {
  const rule = defineRules({ documents: input }).get('documents')
  if (rule === undefined) throw new Error('no rule')
  return signLinkTicket(toLinkTicket(CALLER, request, { id: 'id-1', now: NOW, rule }), KEYS)
}

type Change = { rule?: RuleInput; name?: string; now?: number; denied?: typeof NOBODY }

function open(
  link: string,
  { rule = RULE, name = 'documents', now = NOW, denied = NOBODY }: Change = {},
) {
  const rules = defineRules({ [name]: rule })
  const context = { ...CONTEXT, rules, now, ticketKeys: KEYS, readDenied: async () => denied }
  return decideLink(link, context)
}

const reason = async (link: string, change: Change = {}) =>
  (await refusalOf(() => open(link, change))).reason

const LINK = linkUnder(RULE)

describe('a link', () => {
  it('grants the prefix of its caller, whenever it is used', async () => {
    for (const now of [NOW, NOW + 43_199]) {
      expect(await open(LINK, { now })).toMatchObject({
        kind: 'prefix',
        rule: 'documents',
        sub: 'alice',
        prefix: 'documents/alice/',
        access: 'read',
        durationSeconds: 3600,
        expiresAt: now + 3600,
      })
    }
  })

  it('has the duration that was requested with it', async () => {
    const link = linkUnder(RULE, { ...REQUEST, durationSeconds: 900 })
    expect(await open(link)).toMatchObject({ durationSeconds: 900 })
  })

  it('lets allow hear the caller and the request as they were', async () => {
    const allow = jest.fn(() => true)
    const link = linkUnder(RULE, { ...REQUEST, durationSeconds: 900 })
    await open(link, { rule: { ...RULE, allow } })
    expect(allow).toHaveBeenCalledWith(CALLER, { ...REQUEST, durationSeconds: 900 })
  })

  it('is refused when its rule is gone or allow says no, at the next use', async () => {
    expect(await reason(LINK, { name: 'others' })).toBe('rule_unknown')
    const rule = { ...RULE, allow: () => false }
    expect(await reason(LINK, { rule })).toBe('caller_not_allowed')
  })

  it('is refused by an allow that its rule did not have', async () => {
    const link = linkUnder(OPEN)
    expect(await open(link, { rule: OPEN })).toMatchObject({ sub: 'alice' })
    expect(await reason(link, { rule: { ...OPEN, allow: () => true } })).toBe('caller_not_allowed')
  })

  it('is refused when its rule lends no STS any more', async () => {
    const rule = { ...RULE, download: {} }
    expect(await reason(LINK, { rule })).toBe('mechanism_not_allowed')
  })

  it.each([
    ['with', RULE],
    ['without', OPEN],
  ])('is refused to a caller or token that is denied, %s claims', async (_name, rule) => {
    const link = linkUnder(rule)
    const bySub = { ...NOBODY, subs: new Set(['alice']) }
    const byToken = { ...NOBODY, jtis: new Set(['token-1']) }
    const others = { subs: new Set(['bob']), jtis: new Set(['token-2']) }
    expect(await reason(link, { rule, denied: bySub })).toBe('caller_denied')
    expect(await reason(link, { rule, denied: byToken })).toBe('caller_denied')
    expect(await open(link, { rule, denied: others })).toMatchObject({ sub: 'alice' })
  })

  it('ends when its rule shortens links', async () => {
    const rule = { ...RULE, linkSeconds: 60 }
    expect(await open(LINK, { rule, now: NOW + 59 })).toMatchObject({ sub: 'alice' })
    expect(await reason(LINK, { rule, now: NOW + 60 })).toBe('link_expired')
  })

  it('gives nothing that outlives the token, where the rule says so now', async () => {
    const rule = { ...RULE, withinToken: true }
    expect(await open(LINK, { rule, now: NOW + 2700 })).toMatchObject({ expiresAt: NOW + 3600 })
    expect(await reason(LINK, { rule, now: NOW + 2701 })).toBe('token_expired')
    expect(await reason(linkUnder(rule), { rule, now: NOW + 3600 })).toBe('link_expired')
  })

  it('is no ticket of an upload, nor the other way round', async () => {
    const upload = signTicket(UPLOAD_TICKET, KEYS)
    expect(await reason(upload)).toBe('link_invalid')
    const use = ['url', 'form', 'sts', 'multipart'] as const
    expect(reasonOf(() => void verifyTicket(LINK, { ...KEYS, now: NOW, use }))).toBe(
      'ticket_invalid',
    )
  })
})
