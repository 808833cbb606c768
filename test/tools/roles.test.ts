import rules from '../../rules'
import { describeRoles } from '../../tools/roles'

type Statement = { Effect: string; Action: string[]; Resource: string[] }
type Described = Record<
  string,
  { trust: { Statement: Statement[] }; policy: { Statement: Statement[] } }
>

const OPTIONS = { bucket: 'demo-bkt', account: '1234567890123456' }
// The sweep proves nothing, so that it needs no deny list.
const READERS = ['sts', 'signed-url', 'post-policy', 'upload-callback', 'upload-event'].map(
  (name) => `oss-direct-${name}`,
)
const FUNCTIONS = [...READERS, 'oss-direct-upload-sweep']
const LOG = {
  Effect: 'Allow',
  Action: ['log:PostLogStoreLogs'],
  Resource: ['acs:log:*:1234567890123456:project/serverless-*/logstore/default-logs'],
}
const LIST = {
  Effect: 'Allow',
  Action: ['oss:GetObject'],
  Resource: ['acs:oss:*:*:demo-bkt/.oss-direct/denied.json'],
}

it('has one role for the web server in place of four, which the delegate role trusts', () => {
  const all = describeRoles(rules, OPTIONS) as Described
  const roles = describeRoles(rules, { ...OPTIONS, webServer: true }) as Described
  const served = ['sts', 'signed-url', 'post-policy', 'upload-callback']
  const others = Object.keys(all).filter((name) => !served.includes(name.slice(11)))
  expect(Object.keys(roles)).toEqual(['oss-direct-web-server', ...others])
  expect(roles['oss-direct-web-server']?.policy.Statement).toContainEqual(LOG)
  expect(JSON.stringify(roles['oss-direct-delegate']?.trust)).toContain(
    'acs:ram::1234567890123456:role/oss-direct-web-server',
  )
})

it.each(FUNCTIONS)('lets %s write logs, which its own role must allow', (name) => {
  const roles = describeRoles(rules, OPTIONS) as Described
  expect(roles[name]?.policy.Statement).toContainEqual(LOG)
  expect(roles[name]?.policy.Statement).not.toContainEqual(LIST)
})

it('lets a role that lends nothing write logs all the same', () => {
  const onlyUrls = new Map([...rules].filter(([name]) => name === 'avatar'))
  const roles = describeRoles(onlyUrls, OPTIONS) as Described
  expect(roles['oss-direct-sts']?.policy.Statement).toEqual([LOG])
})

it('lets the functions, and no session, read the deny list where it is asked for', () => {
  const roles = describeRoles(rules, { ...OPTIONS, denyList: true }) as Described
  const readers = Object.entries(roles).filter(([, { policy }]) =>
    policy.Statement.some(({ Resource }) => String(Resource) === String(LIST.Resource)),
  )
  expect(readers.map(([name]) => name).sort()).toEqual([...READERS].sort())
})

it('lets the role of sts name the caller of a session, and no other role', () => {
  const roles = describeRoles(rules, OPTIONS) as Described
  const namers = Object.entries(roles).filter(([, role]) =>
    [...role.trust.Statement, ...role.policy.Statement].some(({ Action }) =>
      Action.includes('sts:SetSourceIdentity'),
    ),
  )
  expect(namers.map(([name]) => name).sort()).toEqual(['oss-direct-delegate', 'oss-direct-sts'])
})
