import { type BegunUpload, decideBegunUpload } from '../../shared/policy/decide'
import type { AllowRequest } from '../../shared/rules/requests'
import type { RuleInput } from '../../shared/rules/rule-input'
import { ALICE, NOW, UUID, withRule } from './support/example'

const BEGUN: BegunUpload = {
  rule: 'avatar',
  key: 'a/alice/b/c.png',
  contentType: 'image/png',
  contentLength: 5,
}
const RULE: RuleInput = { key: 'a/{sub}/{path}', upload: { ttlSeconds: 60 } }

function reasonOf(rule: RuleInput, change: Partial<BegunUpload> = {}): Promise<unknown> {
  return decideBegunUpload(ALICE, { ...BEGUN, ...change }, withRule(rule)).then(
    () => 'granted',
    ({ reason }) => reason,
  )
}

describe('an upload in parts that has begun', () => {
  test('is granted for the key that it has', async () => {
    expect(await decideBegunUpload(ALICE, BEGUN, withRule(RULE))).toMatchObject({
      key: BEGUN.key,
      bucket: 'demo-bkt',
      overwrite: false,
      expiresAt: NOW + 60,
    })
  })

  test.each([
    ['a/{sub}/{path}', 'a/alice/b/c.png', 'b/c.png'],
    ['a/{sub}/{yyyy}/{uuid}.{ext}', `a/alice/2020/${UUID}.png`, `${UUID}.png`],
    ['a/{sub}/{ext}/{uuid}', `a/alice/png/${UUID}`, UUID],
  ])('is told to allow by key %s as %s, a file %s', async (template, key, filename) => {
    const wishes: AllowRequest[] = []
    const allow = (_: unknown, wish: AllowRequest) => wishes.push(wish) > 0
    const begun = { ...BEGUN, key }
    const grant = await decideBegunUpload(
      ALICE,
      begun,
      withRule({ allow, key: template, upload: {} }),
    )
    expect(grant.key).toBe(key)
    const { rule, contentType, contentLength } = BEGUN
    expect(wishes).toEqual([{ operation: 'multipart', rule, contentType, contentLength, filename }])
  })

  test.each<[string, RuleInput, string]>([
    ['allow', { ...RULE, allow: () => false }, 'caller_not_allowed'],
    ['uploads', { key: RULE.key, download: {} }, 'operation_not_allowed'],
    ['parts', { ...RULE, upload: { multipart: false } }, 'operation_not_allowed'],
    ['URLs', { ...RULE, upload: { mechanisms: ['form'] } }, 'mechanism_not_allowed'],
    ['the type', { ...RULE, upload: { contentTypes: ['a/b'] } }, 'file_type_not_allowed'],
    [
      'the size',
      { ...RULE, upload: { maxBytes: 4, multipart: { partBytes: 102_400 } } },
      'file_too_large',
    ],
    ['the key', { ...RULE, key: 'b/{sub}/{path}' }, 'key_outside_prefix'],
  ])('is refused once the rule does without %s', async (_, rule, reason) => {
    expect(await reasonOf(RULE)).toBe('granted')
    expect(await reasonOf(rule)).toBe(reason)
  })

  test('is refused once there is no such rule', async () => {
    expect(await reasonOf(RULE, { rule: 'other' })).toBe('rule_unknown')
  })
})
