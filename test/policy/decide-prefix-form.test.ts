// Covers shared/policy/permit-prefix-form.ts.
import { decide } from '../../shared/policy/decide'
import { signTicket } from '../../shared/policy/signed-ticket'
import { toPrefixFormTicket } from '../../shared/policy/ticket'
import type { AllowRequest, PrefixFormRequest } from '../../shared/rules/requests'
import type { RuleInput } from '../../shared/rules/rule-input'
import { GiB } from '../../shared/rules/rules'
import { ALICE, NOW, refusal, withRule } from './support/example'
import { KEYS, reasonOf, verify } from './support/tickets'

const ASKED: PrefixFormRequest = { operation: 'prefix-form', rule: 'avatar' }

/** A rule whose forms give up these limits. */
function ruleOf(form: string[], upload: object = {}, more: object = {}): RuleInput {
  const rule = { mechanisms: ['form'], ...upload, unenforced: { form } }
  return { key: 'web/{yyyy}/{sub}/{path}', upload: rule, ...more } as RuleInput
}

const grantOf = (rule: RuleInput, asked = {}) =>
  decide(ALICE, { ...ASKED, ...asked }, withRule(rule))
const reason = async (rule: RuleInput, asked = {}) =>
  (await refusal({ ...ASKED, ...asked }, withRule(rule))).reason

describe('a form whose client names the objects', () => {
  test('is granted for the prefix of the caller, within the limits of the rule', async () => {
    const upload = { minBytes: 1, maxBytes: 5, ttlSeconds: 60, overwrite: true }
    expect(await grantOf(ruleOf(['name'], upload))).toStrictEqual({
      kind: 'prefix-form',
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      prefix: 'web/2023/alice/',
      minBytes: 1,
      maxBytes: 5,
      overwrite: true,
      headers: { 'x-oss-object-acl': 'private', 'x-oss-storage-class': 'Standard' },
      expiresAt: NOW + 60,
    })
  })

  test('is in the bucket of the rule, and at most what one request carries', async () => {
    const rule = ruleOf(['name'], {}, { bucket: 'own-bkt' })
    expect(await grantOf(rule)).toMatchObject({ bucket: 'own-bkt', maxBytes: 5 * GiB })
  })

  test('is refused where the rule gives no name up', async () => {
    expect((await refusal(ASKED, withRule(ruleOf(['contentType'])))).issues).toEqual([
      {
        path: 'filename',
        message:
          "is missing; a form without it requires unenforced: { form: ['name'] } in the rule",
      },
    ])
    expect(await reason({ key: 'a/{sub}/{path}', upload: {} })).toBe('request_malformed')
  })

  test('is refused where the rule has no forms, or no uploads', async () => {
    const byUrl = { key: 'a/{sub}/{path}', upload: { mechanisms: ['url'] } } as const
    expect(await reason(byUrl)).toBe('mechanism_not_allowed')
    expect(await reason({ key: 'a/{sub}/{path}', download: {} })).toBe('operation_not_allowed')
  })

  test('has the type that the request names, in lower case', async () => {
    const images = { contentTypes: ['image/*'] }
    const typed = (contentType: string) => grantOf(ruleOf(['name'], images), { contentType })
    expect(await typed('IMAGE/png')).toMatchObject({ contentType: 'image/png' })
    const css = { ...ASKED, contentType: 'text/css' }
    expect(await refusal(css, withRule(ruleOf(['name'], images)))).toMatchObject({
      reason: 'file_type_not_allowed',
      facts: images,
    })
  })

  test('names a type, unless the rule gives it up or allows all', async () => {
    const images = { contentTypes: ['image/*', 'text/css'] }
    expect((await refusal(ASKED, withRule(ruleOf(['name'], images)))).issues).toEqual([
      {
        path: 'contentType',
        message:
          "is missing; a form without it requires unenforced: { form: ['contentType'] } in the rule",
      },
    ])
    for (const rule of [
      ruleOf(['name', 'contentType'], images),
      ruleOf(['name'], { contentTypes: ['*/*'] }),
      ruleOf(['name']),
    ]) {
      expect(await grantOf(rule)).not.toHaveProperty('contentType')
    }
  })

  test.each([
    [0, 'file_too_small'],
    [6, 'file_too_large'],
  ])('of %i bytes is refused', async (contentLength, why) => {
    const rule = ruleOf(['name'], { minBytes: 1, maxBytes: 5 })
    expect(await reason(rule, { contentLength })).toBe(why)
  })

  test.each([1, 5])('of %i bytes has exactly these', async (contentLength) => {
    const rule = ruleOf(['name'], { minBytes: 1, maxBytes: 5 })
    const exact = { minBytes: contentLength, maxBytes: contentLength }
    expect(await grantOf(rule, { contentLength })).toMatchObject(exact)
  })

  test('ends with the token where the rule says so', async () => {
    const context = withRule(ruleOf(['name'], {}, { withinToken: true }))
    const grant = decide({ ...ALICE, expiresAt: NOW + 10 }, ASKED, context)
    expect(await grant).toMatchObject({ expiresAt: NOW + 10 })
  })

  test('is asked of `allow` without a name, the type without parameters', async () => {
    const seen: AllowRequest[] = []
    const allow = (_: unknown, request: AllowRequest) => seen.push(request) > 1
    const rule = ruleOf(['name'], {}, { allow })
    expect(await reason(rule)).toBe('caller_not_allowed')
    await grantOf(rule, { contentType: 'TEXT/css; a=b' })
    expect(seen).toEqual([ASKED, { ...ASKED, contentType: 'text/css' }])
    expect(seen.every((request) => Object.isFrozen(request))).toBe(true)
  })
})

describe('its ticket', () => {
  test('is for forms below the prefix, of the named type or all', async () => {
    for (const [asked, contentTypes] of [
      [{}, ['*/*']],
      [{ contentType: 'text/css' }, ['text/css']],
    ] as const) {
      const grant = await decide(ALICE, { ...ASKED, ...asked }, withRule(ruleOf(['name'])))
      const text = signTicket(toPrefixFormTicket(grant, { id: 'id', now: NOW }), KEYS)
      expect(verify(text)).toMatchObject({ use: 'form', prefix: 'web/2023/alice/', contentTypes })
      expect(reasonOf(text, { use: ['url', 'sts', 'multipart'] })).toBe('ticket_invalid')
    }
  })
})
