import exampleRules from '../../rules'
import { rolePolicies } from '../../shared/rules/role-policy'
import { defineRules } from '../../shared/rules/rules'
import type { RamStatement } from '../../shared/rules/session-policy'
import { SERVED_FUNCTIONS, webServerPolicies } from '../../shared/rules/web-server-policy'
import large from '../support/rules/large'
import media from '../support/rules/media'
import web from '../support/rules/web'

const CONTEXT = {
  bucket: 'demo-bkt',
  accountId: '1234567890123456',
  delegateRoleArn: 'acs:ram::1234567890123456:role/oss-direct-delegate',
  ledgerPrefix: '.oss-direct/uploads/',
  denyListKey: '.oss-direct/denied.json',
  consumer: 'on-upload',
}

/** Every right of these statements: its action, resource and condition. */
function rightsOf(statements: readonly RamStatement[]): Set<string> {
  const rights = statements.flatMap(({ Effect, Action, Resource, Condition }) =>
    Action.flatMap((action) =>
      Resource.map((resource) => JSON.stringify([Effect, action, resource, Condition])),
    ),
  )
  return new Set(rights)
}

it.each([
  ['the example', exampleRules],
  ['media', media],
  ['large', large],
])('may do what the four functions may do with the rules of %s, and no more', (_, rules) => {
  const policies = rolePolicies(rules, CONTEXT)
  const all = SERVED_FUNCTIONS.flatMap((name) => policies[name].Statement)
  const own = webServerPolicies(rules, CONTEXT)['web-server']?.Statement ?? []
  const expected = [...rightsOf(all)].filter((right) => !right.startsWith('["Deny"'))
  expect([...rightsOf(own)].sort()).toEqual(expected.sort())
  const kinds = own.map(({ Resource, ...rest }) => JSON.stringify(rest))
  expect(new Set(kinds).size).toBe(own.length)
})

it('replaces the roles of the four functions, and no other', () => {
  const {
    sts,
    'signed-url': __,
    'post-policy': ___,
    'upload-callback': ____,
    ...others
  } = rolePolicies(exampleRules, CONTEXT)
  const { 'web-server': own, ...rest } = webServerPolicies(exampleRules, CONTEXT)
  expect(rest).toEqual(others)
  expect(own?.Statement).toContainEqual(sts.Statement[0])
})

it('is denied everything where the four may do nothing', () => {
  const { accountId, bucket, delegateRoleArn } = CONTEXT
  const rules = defineRules({
    files: { key: 'files/{sub}/{uuid}', download: { mechanisms: ['url'] } },
  })
  const nothing = defineRules({ files: { key: 'files/{sub}/{path}', list: {} } })
  const context = { accountId, bucket, delegateRoleArn }
  const statementsOf = (each: typeof rules) =>
    webServerPolicies(each, context)['web-server']?.Statement
  expect(statementsOf(rules)).toEqual([
    { Effect: 'Allow', Action: ['oss:GetObject'], Resource: ['acs:oss:*:*:demo-bkt/files/*'] },
  ])
  expect(statementsOf(nothing)?.every(({ Effect }) => Effect === 'Allow')).toBe(true)
})

it('may set no other ACL where a rule gives its own up', () => {
  const { Statement } = rolePolicies(web, CONTEXT)['post-policy']
  const denied = Statement.filter(({ Effect }) => Effect === 'Deny')
  const own = webServerPolicies(web, CONTEXT)['web-server']?.Statement ?? []
  expect(denied.length).toBeGreaterThan(0)
  expect(own.filter(({ Effect }) => Effect === 'Deny')).toEqual(denied)
})
