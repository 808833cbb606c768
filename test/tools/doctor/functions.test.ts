import { createAccount } from '../../../local/ram/account'
import type { PolicyDocument } from '../../../local/ram/types'
import { createFcApi, type DeployedFunction } from '../../../local/sts/apis/fc'
import { type StsServer, startSts } from '../../../local/sts/server'
import { runTool } from '../../../tools/command-line'
import { command } from '../../../tools/doctor/command'
import { examineFunctions } from '../../../tools/doctor/functions'
import { SAMPLE } from '../../../tools/sample-deployment'

const ID = '1234567890123456'
const BUCKET = 'demo-bkt'
const ALLOW_FC: PolicyDocument = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'fc:*', Resource: '*' }],
}
const SECRET = 'a-value-that-nobody-may-see'

const onBucket = (prefix: string, events = ['oss:ObjectCreated:PutObject'], bucket = BUCKET) => ({
  ...{ triggerName: 'files', triggerType: 'oss' },
  sourceArn: `acs:oss:cn-hangzhou:${ID}:${bucket}`,
  triggerConfig: { events, filter: { key: { prefix, suffix: '' } } },
})
const HTTP = { triggerName: 'http', triggerType: 'http', triggerConfig: {} }

const toFunction = (name: string, triggers: DeployedFunction['triggers']): DeployedFunction => ({
  functionName: name,
  ...{ runtime: 'nodejs20', handler: 'index.handler', memorySize: 512, cpu: 0.35, timeout: 10 },
  role: `acs:ram::${ID}:role/${name}`,
  environmentVariables: { OSS_BUCKET: BUCKET, TICKET_SECRETS: SECRET },
  triggers,
})
const WANTED = [
  toFunction('oss-direct-sts', [HTTP]),
  toFunction('oss-direct-upload-event', [onBucket('avatars/'), onBucket('documents/')]),
]

let live: DeployedFunction[]
let server: StsServer
const { env } = process

beforeAll(async () => {
  const users = [
    { name: 'reader', accessKeyId: 'reader', accessKeySecret: 's', policies: [ALLOW_FC] },
    { name: 'guest', accessKeyId: 'guest', accessKeySecret: 's', policies: [] },
  ]
  server = await startSts({
    ...{ host: '127.0.0.1', port: 0, account: createAccount({ id: ID, users }) },
    apis: [createFcApi({ functions: () => live, region: 'cn-hangzhou' })],
    ...{ log: () => undefined, now: Date.now },
  })
})
afterAll(() => server.close())
beforeEach(() => {
  live = structuredClone(WANTED)
  useKey('reader')
})
afterEach(() => {
  process.env = env
})

function useKey(name: string): void {
  process.env = { ...env, ALIBABA_CLOUD_ACCESS_KEY_ID: name, ALIBABA_CLOUD_ACCESS_KEY_SECRET: 's' }
}

const examine = (endpoint = server.url) => examineFunctions({ endpoint, functions: WANTED })
const badOf = (findings: Awaited<ReturnType<typeof examine>>) =>
  findings
    .filter(({ state }) => state !== 'ok')
    .map(({ state, subject, what }) => [state, subject, what])

it('finds nothing wrong where all is as in the manifest', async () => {
  const findings = await examine()
  expect(badOf(findings)).toEqual([])
  expect(findings.map(({ subject }) => subject)).toEqual([
    ...['oss-direct-sts', 'oss-direct-upload-event', 'triggers', 'reservations'],
  ])
})

it.each<[string, Partial<DeployedFunction>, string]>([
  ['another runtime', { runtime: 'nodejs18' }, 'has runtime nodejs18; the manifest has nodejs20'],
  [
    'another handler',
    { handler: 'main.run' },
    'has handler main.run; the manifest has index.handler',
  ],
  ['less memory', { memorySize: 256 }, 'has memorySize 256; the manifest has 512'],
  ['less CPU', { cpu: 0.25 }, 'has cpu 0.25; the manifest has 0.35'],
  ['less time', { timeout: 3 }, 'has timeout 3; the manifest has 10'],
  [
    'another role',
    { role: `acs:ram::${ID}:role/other` },
    `has role acs:ram::${ID}:role/other; the manifest has acs:ram::${ID}:role/oss-direct-sts`,
  ],
  [
    'a missing variable',
    { environmentVariables: { OSS_BUCKET: BUCKET } },
    'lacks the variables TICKET_SECRETS',
  ],
  [
    'a variable too many',
    { environmentVariables: { OSS_BUCKET: BUCKET, TICKET_SECRETS: SECRET, DEBUG: SECRET } },
    'has variables that are not in the manifest: DEBUG',
  ],
  ['no trigger', { triggers: [] }, 'lacks the trigger http'],
  [
    'a trigger too many',
    { triggers: [HTTP, onBucket('photos/')] },
    `has a trigger that is not in the manifest: oss of ${BUCKET}/photos/`,
  ],
])('finds %s, and prints no value', async (_, change, what) => {
  live = live.map((each, at) => (at === 0 ? { ...each, ...change } : each))
  const findings = await examine()
  expect(badOf(findings)).toEqual([['wrong', 'oss-direct-sts', what]])
  expect(JSON.stringify(findings)).not.toContain(SECRET)
})

it('finds a function that is not deployed', async () => {
  live = live.slice(1)
  expect(badOf(await examine())).toEqual([['wrong', 'oss-direct-sts', 'is not deployed']])
})

describe('triggers of other functions', () => {
  it.each([
    ['the same folder', onBucket('avatars/'), true],
    ['a folder within', onBucket('avatars/small/'), true],
    ['the whole bucket, by every event', onBucket('', ['oss:ObjectCreated:*']), true],
    ['another folder', onBucket('photos/'), false],
    ['another event', onBucket('avatars/', ['oss:ObjectRemoved:DeleteObject']), false],
    ['another bucket', onBucket('avatars/', undefined, 'other-bkt'), false],
  ])('on %s are found where they overlap', async (_, trigger, isFound) => {
    // More than a page of functions before it.
    const others = Array.from({ length: 101 }, (_, at) => toFunction(`other-${at}`, []))
    live = [...live, ...others, toFunction('another', [trigger])]
    const subjects = badOf(await examine()).map(([state, subject]) => [state, subject])
    expect(subjects.slice(0, 1)).toEqual(isFound ? [['wrong', 'triggers']] : [])
  })

  it('are counted: ten on a bucket are the most', async () => {
    const photos = Array.from({ length: 8 }, (_, at) => onBucket(`photos-${at}/`))
    live = [...live, toFunction('another', photos)]
    expect(badOf(await examine())).toEqual([])
    live = [...live, toFunction('one-more', [onBucket('videos/')])]
    expect(badOf(await examine())).toEqual([
      ['wrong', 'triggers', `of ${BUCKET} come to 11 with those of other functions`],
    ])
  })

  it('are unknown where there are more functions than it looks at', async () => {
    live = [...live, ...Array.from({ length: 201 }, (_, at) => toFunction(`other-${at}`, []))]
    expect(badOf(await examine())).toEqual([
      ['unknown', 'triggers', 'of 200 other functions were looked at; there are 201'],
    ])
  })
})

it('finds reserved instances, by the function that has them', async () => {
  live = live.map((each) => ({ ...each, reservedConcurrency: 50 }))
  expect(badOf(await examine())).toEqual([
    [
      ...['wrong', 'reservations'],
      'take instances from all others: oss-direct-sts 50, oss-direct-upload-event 50',
    ],
  ])
})

it('does not know without the right or the network', async () => {
  const subjects = ['oss-direct-sts', 'oss-direct-upload-event', 'triggers', 'reservations']
  useKey('guest')
  expect(badOf(await examine())).toEqual(
    subjects.map((subject) => ['unknown', subject, 'may not be read with this key']),
  )
  useKey('reader')
  expect(badOf(await examine('http://127.0.0.1:65535'))).toEqual(
    subjects.map((subject) => ['unknown', subject, 'cannot be read: no network']),
  )
})

describe('oss-direct doctor --deployed', () => {
  const NOWHERE = 'https://localhost:65535'
  const ARGS = ['--deployed', '--json', '--bucket', BUCKET, '--region', 'cn-hangzhou']

  async function run(more: NodeJS.ProcessEnv) {
    let printed = ''
    const print = (text: unknown) => {
      printed += String(text)
    }
    const spies = [
      jest.spyOn(console, 'log').mockImplementation(print),
      jest.spyOn(console, 'error').mockImplementation(print),
    ]
    process.env = { ...process.env, ...more, OSS_ENDPOINT: NOWHERE, OSS_ADDRESSING: 'cname' }
    const urls = ['--fc', server.url, '--sts', NOWHERE, '--jwks', NOWHERE, '--callback', NOWHERE]
    const status = await runTool([...ARGS, ...urls], command)
    for (const spy of spies) spy.mockRestore()
    return { status, printed }
  }

  it('resolves the manifest, looks at each function in it, and at the domain of the bucket', async () => {
    live = [{ ...toFunction('oss-direct-sts', []), environmentVariables: {} }]
    const { status, printed } = await run({ ...SAMPLE, AUTH_AUDIENCE: '' })
    const found = badOf(JSON.parse(printed))
    // A variable that only the samples set is expected of no function.
    const lacking = found
      .map(([, , text]) => text)
      .find((text) => text?.startsWith('lacks the var'))
    expect(lacking).toContain('AUTH_ISSUER')
    expect(lacking).not.toContain('AUTH_AUDIENCE')
    const missing = found.filter(([, , what]) => what === 'is not deployed')
    expect(missing.map(([, subject]) => subject)).toEqual(
      ['signed-url', 'post-policy', 'upload-callback', 'upload-sweep', 'upload-event']
        .concat('upload-consumer')
        .map((name) => `oss-direct-${name}`),
    )
    const what = 'localhost cannot be reached: ECONNREFUSED'
    expect(found).toContainEqual(['unknown', 'domain', what])
    expect(status).toBe(1)
  })

  it('compares no sample values: it names the settings that it needs', async () => {
    const { status, printed } = await run({ ...SAMPLE, ROLE_STS: '', ACCOUNT_ID: '' })
    expect([status, printed]).toEqual([2, '--deployed needs ROLE_STS, ACCOUNT_ID\nTry --help.'])
  })
})
