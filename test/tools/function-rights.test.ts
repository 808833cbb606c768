// Covers the role of upload-sweep in shared/rules/role-policy.ts, by RAM's evaluation in the local cloud.
import { isAllowed } from '../../local/ram/evaluate'
import type { PolicyDocument, Principal } from '../../local/ram/types'
import rules from '../../rules'
import { describeRoles } from '../../tools/roles/describe'

const ACCOUNT = '1234567890123456'
const ROLES = describeRoles(rules, {
  bucket: 'demo-bkt',
  account: ACCOUNT,
  region: 'cn-hangzhou',
  consumer: 'oss-direct-upload-consumer',
}) as unknown as Record<string, { policy: PolicyDocument }>

type Act = [action: string, resource: string, context?: Record<string, string>]

function may(name: string, [action, resource, context = {}]: Act): boolean {
  const role = { name, policies: [ROLES[`oss-direct-${name}`]?.policy] }
  const principal = { kind: 'session', role } as unknown as Principal
  const secure = { 'acs:SecureTransport': 'true', ...context }
  return isAllowed(principal, { action, resource, context: secure })
}

const object = (key: string) => `acs:oss:*:${ACCOUNT}:demo-bkt/${key}`
const BUCKET = `acs:oss:*:${ACCOUNT}:demo-bkt`
const invoke = (name: string): Act => [
  'fc:InvokeFunction',
  `acs:fc:cn-hangzhou:${ACCOUNT}:functions/oss-direct-${name}`,
]
const list = (prefix: string): Act => ['oss:ListObjects', BUCKET, { 'oss:Prefix': prefix }]

const JOB: Act[] = [
  list('.oss-direct/owed/'),
  ['oss:GetObject', object('.oss-direct/owed/a')],
  ['oss:PutObject', object('.oss-direct/owed/a')],
  ['oss:DeleteObject', object('.oss-direct/owed/a')],
  ['oss:GetObject', object('.oss-direct/uploads/a')],
  ['oss:PutObject', object('.oss-direct/uploads/a')],
  invoke('upload-consumer'),
  invoke('upload-event'),
]

const JOBS_OF_OTHERS: Act[] = [
  ['oss:GetObject', object('avatars/alice/a.png')],
  ['oss:PutObject', object('avatars/alice/a.png')],
  ['oss:DeleteObject', object('documents/alice/a.pdf')],
  ['oss:GetObject', object('.oss-direct/denied.json')],
  ['oss:DeleteObject', object('.oss-direct/uploads/a')],
  ['sts:AssumeRole', `acs:ram:*:${ACCOUNT}:role/oss-direct-delegate`],
  list(''),
  list('avatars/'),
  list('.oss-direct/uploads/'),
  invoke('sts'),
  invoke('upload-sweep'),
]

it.each(JOB)('lets upload-sweep do its job: %s on %s', (...act) => {
  expect(may('upload-sweep', act)).toBe(true)
})

it.each(JOBS_OF_OTHERS)('denies upload-sweep %s on %s', (...act) => {
  expect(may('upload-sweep', act)).toBe(false)
})

it.each(['upload-callback', 'upload-event'])('lets %s keep and remove what is owed', (name) => {
  expect(may(name, ['oss:PutObject', object('.oss-direct/owed/a')])).toBe(true)
  expect(may(name, ['oss:DeleteObject', object('.oss-direct/owed/a')])).toBe(true)
  expect(may(name, list('.oss-direct/owed/'))).toBe(false)
})

it('lets upload-event alone hand over to the sweep what it gives up', () => {
  const allowed = Object.keys(ROLES).filter((role) =>
    may(role.replace('oss-direct-', ''), invoke('upload-sweep')),
  )
  expect(allowed).toEqual(['oss-direct-upload-event'])
})

it.each(['sts', 'signed-url', 'post-policy', 'delegate'])('lets %s reach nothing owed', (name) => {
  for (const action of ['oss:GetObject', 'oss:PutObject', 'oss:DeleteObject']) {
    expect(may(name, [action, object('.oss-direct/owed/a')])).toBe(false)
  }
})
