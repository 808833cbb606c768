import { isAllowed } from '../../../local/ram/evaluate'
import { isPolicy } from '../../../local/ram/policy'
import type { PolicyDocument, Principal } from '../../../local/ram/types'
import rules from '../../../rules'
import { defineRules } from '../../../shared/rules/rules'
import { describeRoles } from '../../../tools/roles/describe'

const ACCOUNT = '1234567890123456'
const OPTIONS = {
  bucket: 'demo-bkt',
  account: ACCOUNT,
  region: 'cn-shanghai',
  consumer: 'on-upload',
}

type Attempt = readonly [action: string, resource: string, prefix?: string | undefined]

const object = (key: string) => `acs:oss:oss-cn-shanghai:${ACCOUNT}:demo-bkt/${key}`
const BUCKET = `acs:oss:oss-cn-shanghai:${ACCOUNT}:demo-bkt`
const DELEGATE = `acs:ram:*:${ACCOUNT}:role/oss-direct-delegate`
const AVATAR = object('avatars/alice/1.png')
const DOCUMENT = object('documents/alice/a.pdf')
const MARKER = object('.oss-direct/uploads/0123')
const OWED = object('.oss-direct/owed/0123')
const LOG: Attempt = [
  'log:PostLogStoreLogs',
  `acs:log:cn-shanghai:${ACCOUNT}:project/serverless-cn-shanghai-1/logstore/default-logs`,
]
const WRITE_DOCUMENT: Attempt[] = [
  ['oss:PutObject', DOCUMENT],
  ['oss:AbortMultipartUpload', DOCUMENT],
  ['oss:ListParts', DOCUMENT],
]
const PROVE: Attempt[] = [
  LOG,
  ['oss:GetObject', AVATAR],
  ['oss:GetObject', DOCUMENT],
  ['oss:PutObject', MARKER],
  ['oss:GetObject', MARKER],
  ['oss:PutObject', OWED],
  ['oss:DeleteObject', OWED],
  invoke('on-upload'),
]

function invoke(name: string): Attempt {
  return ['fc:InvokeFunction', `acs:fc:cn-shanghai:${ACCOUNT}:functions/${name}`]
}

/** What each role does by the example rules. */
const JOBS: Readonly<Record<string, readonly Attempt[]>> = {
  'oss-direct-sts': [LOG, ['sts:AssumeRole', DELEGATE], ['sts:SetSourceIdentity', DELEGATE]],
  'oss-direct-signed-url': [
    LOG,
    ...WRITE_DOCUMENT,
    ['oss:PutObject', AVATAR],
    ['oss:GetObject', AVATAR],
    ['oss:GetObject', DOCUMENT],
    ['oss:DeleteObject', DOCUMENT],
    ['oss:ListObjects', BUCKET, 'documents/alice/'],
  ],
  'oss-direct-post-policy': [LOG, ['oss:PutObject', AVATAR]],
  'oss-direct-upload-callback': PROVE,
  'oss-direct-upload-event': [...PROVE, invoke('oss-direct-upload-sweep')],
  'oss-direct-upload-sweep': [
    LOG,
    ['oss:PutObject', MARKER],
    ['oss:GetObject', MARKER],
    ['oss:GetObject', OWED],
    ['oss:PutObject', OWED],
    ['oss:DeleteObject', OWED],
    ['oss:ListObjects', BUCKET, '.oss-direct/owed/'],
    invoke('on-upload'),
    invoke('oss-direct-upload-event'),
  ],
  'oss-direct-delegate': [...WRITE_DOCUMENT, ['oss:GetObject', DOCUMENT]],
}
/** What no role may do. */
const FOREIGN: readonly Attempt[] = [
  ['oss:PutObject', object('other/alice/1.png')],
  ['oss:GetObject', object('.oss-direct/denied.json')],
  ['oss:PutObject', `acs:oss:oss-cn-shanghai:${ACCOUNT}:other-bkt/avatars/alice/1.png`],
  ['oss:DeleteObject', AVATAR],
  ['oss:DeleteObject', MARKER],
  ['oss:PutObjectAcl', AVATAR],
  ['oss:ListObjects', BUCKET, ''],
  ['oss:ListObjects', BUCKET, 'avatars/'],
  ['oss:PutBucketAcl', BUCKET],
  ['sts:AssumeRole', `acs:ram:*:${ACCOUNT}:role/admin`],
  ['fc:InvokeFunction', `acs:fc:cn-shanghai:${ACCOUNT}:functions/other`],
  ['fc:InvokeFunction', `acs:fc:cn-hangzhou:${ACCOUNT}:functions/on-upload`],
  ['log:PostLogStoreLogs', `acs:log:cn-shanghai:${ACCOUNT}:project/other/logstore/default-logs`],
  ['ram:CreateUser', '*'],
]

const ROLES = describeRoles(rules, OPTIONS)

function may(role: string, [action, resource, prefix]: Attempt, secure = true): boolean {
  const policies = [ROLES[role]?.policy as unknown as PolicyDocument]
  const principal: Principal = {
    ...{ kind: 'session', id: ACCOUNT, accessKeyId: 'STS.x', sessionName: 's' },
    role: { name: role, arn: '', trusts: [], policies, maxSessionSeconds: 3600 },
  }
  const context = {
    'acs:SecureTransport': String(secure),
    ...(prefix !== undefined && { 'oss:Prefix': prefix }),
  }
  return isAllowed(principal, { action, resource, context })
}

it('has a role for each function, and for the sessions of callers', () => {
  expect(Object.keys(ROLES)).toEqual(Object.keys(JOBS))
})

describe.each(Object.keys(JOBS))('%s', (role) => {
  const own = JOBS[role] ?? []
  const others = Object.values(JOBS).flat()

  it('is in the grammar of RAM', () => {
    expect(isPolicy(ROLES[role]?.policy)).toBe(true)
  })

  it.each(own.map((attempt) => ({ attempt })))('may do its job: $attempt', ({ attempt }) => {
    expect(may(role, attempt)).toBe(true)
  })

  it("may do nothing of the others' jobs, nor what is no job", () => {
    const isOwn = (attempt: Attempt) => own.some((each) => String(each) === String(attempt))
    const foreign = [...others.filter((attempt) => !isOwn(attempt)), ...FOREIGN]
    expect(foreign.length).toBeGreaterThan(FOREIGN.length)
    expect(foreign.filter((attempt) => may(role, attempt))).toEqual([])
  })

  it('may reach OSS by TLS alone', () => {
    const open = own.filter(([action]) => action.startsWith('oss:'))
    expect(open.filter((attempt) => may(role, attempt, false))).toEqual([])
  })
})

it('gives the roles of functions to Function Compute alone, and the delegate role to that of sts', () => {
  const trusted = Object.entries(ROLES).map(([name, { trust }]) => [name, trust.Statement])
  const service = {
    Effect: 'Allow',
    Action: ['sts:AssumeRole'],
    Principal: { Service: ['fc.aliyuncs.com'] },
  }
  expect(Object.fromEntries(trusted)).toEqual({
    ...Object.fromEntries(Object.keys(ROLES).map((name) => [name, [service]])),
    'oss-direct-delegate': [
      {
        Effect: 'Allow',
        Action: ['sts:AssumeRole', 'sts:SetSourceIdentity'],
        Principal: { RAM: [`acs:ram::${ACCOUNT}:role/oss-direct-sts`] },
      },
    ],
  })
})

it('lets a role that lends nothing write logs all the same', () => {
  const onlyUrls = new Map([...rules].filter(([name]) => name === 'avatar'))
  const { 'oss-direct-sts': sts } = describeRoles(onlyUrls, OPTIONS)
  expect(sts?.policy.Statement.map(({ Action }) => Action)).toEqual([['log:PostLogStoreLogs']])
})

it('lets the functions, and no session, read the deny list where it is asked for', () => {
  const roles = describeRoles(rules, { ...OPTIONS, denyList: true })
  const readers = Object.entries(roles).filter(([, { policy }]) =>
    JSON.stringify(policy).includes('demo-bkt/.oss-direct/denied.json'),
  )
  expect(readers.map(([name]) => name)).toEqual(
    Object.keys(roles).filter((name) => !/-(?:delegate|upload-sweep)$/.test(name)),
  )
})

it('names region and account of a key of KMS', () => {
  const upload = {
    serverSideEncryption: 'KMS',
    kmsKeyId: 'key-a',
    multipart: false,
    mechanisms: ['url'],
  } as const
  const { 'oss-direct-signed-url': role } = describeRoles(
    defineRules({ a: { key: 'a/{sub}/{path}', upload } }),
    OPTIONS,
  )
  expect(role?.policy.Statement).toContainEqual({
    Effect: 'Allow',
    Action: ['kms:GenerateDataKey', 'kms:Decrypt'],
    Resource: [`acs:kms:cn-shanghai:${ACCOUNT}:key/key-a`],
  })
})

it('has one role for the web server in place of four, which the delegate role trusts', () => {
  const roles = describeRoles(rules, { ...OPTIONS, webServer: true })
  const served = ['sts', 'signed-url', 'post-policy', 'upload-callback']
  const others = Object.keys(ROLES).filter((name) => !served.includes(name.slice(11)))
  expect(Object.keys(roles)).toEqual(['oss-direct-web-server', ...others])
  const { 'oss-direct-web-server': server, 'oss-direct-delegate': delegate } = roles
  expect(JSON.stringify(server?.policy)).toContain('log:PostLogStoreLogs')
  expect(JSON.stringify(delegate?.trust)).toContain(
    `acs:ram::${ACCOUNT}:role/oss-direct-web-server`,
  )
})

it('keeps what denies a role other ACLs, where the forms of a rule give up theirs', () => {
  const upload = { mechanisms: ['form'], unenforced: { form: ['acl'] } } as const
  const own = defineRules({ a: { key: 'a/{sub}/{path}', upload } })
  for (const webServer of [false, true]) {
    const name = webServer ? 'oss-direct-web-server' : 'oss-direct-post-policy'
    const { [name]: role } = describeRoles(own, { ...OPTIONS, webServer })
    const denied = role?.policy.Statement.filter(({ Effect }) => Effect === 'Deny')
    expect(denied).toMatchObject([{ Action: ['oss:PutObject'] }])
  }
})
