// The functions of s.yaml as Function Compute gets them: the zip of each folder, and the entry points, the environment and
// the time-out that the manifest has for it. What they do with OSS and STS is in the suites beside this one.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { buildFunctions } from '../../tools/build/functions'
import { previewOf } from '../support/preview'
import { until } from '../support/until'
import { bearer, CALLER_SETTINGS, httpEvent } from './support/caller'
import { startRuntime } from './support/deployed'
import { extractCode, removeCode } from './support/extract'
import { OLDEST_VERSION, oldestNode } from './support/oldest-node'

const RESOURCES = previewOf().resources
const NAMES = Object.keys(RESOURCES)
const outDir = mkdtempSync(join(tmpdir(), 'dist-'))
const code = new Map<string, string>()

beforeAll(() => build('test/support/rules/media.ts'), 60_000)
afterAll(() => {
  rmSync(outDir, { recursive: true })
  removeCode()
})

type Deployed = { handler: string; timeout: number; functionName: string; memorySize: number }

async function build(rulesFile?: string): Promise<void> {
  await buildFunctions({ outDir, ...(rulesFile && { rulesFile }) })
  for (const name of NAMES) code.set(name, extractCode(join(outDir, basename(codeOf(name)))))
}

function propsOf(name: string) {
  const props = RESOURCES[name]?.props
  if (!props) throw new Error(`The manifest has no ${name}`)
  return props as typeof props & Deployed
}

function codeOf(name: string): string {
  return propsOf(name).code
}

/** Starts a function by what the manifest says of it; returns how to invoke and stop it, its log and its version of Node. */
async function start(name: string, node: string, change: Record<string, string> = {}) {
  const props = propsOf(name)
  const environment = props.environmentVariables ?? {}
  const isForCallers = 'AUTH_ISSUER' in environment
  const lines: string[] = []
  const context = {
    ...{ requestId: 'a-request', region: 'cn-hangzhou', accountId: '1234567890123456' },
    credentials: { accessKeyId: 'STS.a', accessKeySecret: 'b', securityToken: 'c' },
    function: {
      ...{ name: props.functionName, handler: props.handler },
      ...{ memory: props.memorySize, timeout: props.timeout },
    },
    service: { logProject: '', logStore: '', qualifier: 'LATEST', versionId: '' },
  }
  const runtime = await startRuntime({
    node,
    entry: {
      ...{ code: code.get(name) as string, handler: props.handler },
      initializer: props.instanceLifecycleConfig?.initializer.handler,
    },
    env: { ...environment, ...(isForCallers && CALLER_SETTINGS), ...change },
    ...{ context, log: (line) => lines.push(line) },
  })
  const invoke = async (event: Buffer | object) =>
    runtime.invoke(Buffer.isBuffer(event) ? event : Buffer.from(JSON.stringify(event)), context)
  return { ...runtime, invoke, lines }
}

const toAnswer = (returned: string) => {
  const { statusCode, headers, body } = JSON.parse(returned)
  return { statusCode, headers, body: body && JSON.parse(body) }
}

const authorization = () => bearer({ iss: 'https://login.example.com', aud: 'oss-direct' })
const WISH = { rule: 'avatar', filename: 'me.png', contentType: 'image/png', contentLength: 5 }
const TIMER = { triggerTime: '2026-01-02T03:04:05Z', triggerName: 'timer', payload: '' }

/** An event of OSS, as the documents of Function Compute print it. */
const created = (key: string) => ({
  events: [
    {
      eventName: 'ObjectCreated:PutObject',
      eventSource: 'acs:oss',
      eventTime: '2026-01-02T03:04:05.000Z',
      eventVersion: '1.0',
      oss: {
        bucket: {
          arn: 'acs:oss:cn-hangzhou:1234567890123456:sample-bucket',
          name: 'sample-bucket',
          ownerIdentity: '1234567890123456',
        },
        object: {
          deltaSize: 5,
          eTag: '5D41402ABC4B2A76B9719D911017C592',
          key,
          objectMeta: { mimeType: 'image/png', userMeta: {} },
          size: 5,
        },
        ossSchemaVersion: '1.0',
        ruleId: 'a-rule',
      },
      region: 'cn-hangzhou',
      requestParameters: { sourceIPAddress: '203.0.113.9' },
      responseElements: { requestId: '5FF16B65F05BC932307A3C3C' },
      userIdentity: { principalId: '1234567890123456' },
    },
  ],
})

it('each zip has the entry at its root, and only scripts', () => {
  for (const name of NAMES) {
    const files = readdirSync(code.get(name) as string, { withFileTypes: true })
    expect(files.map((file) => file.name)).toContain('index.js')
    expect(files.filter((file) => !file.isFile() || !/\.js$/.test(file.name))).toEqual([])
  }
})

describe.each([
  ['Node 20.11.0', oldestNode, OLDEST_VERSION],
  ['this Node', () => process.execPath, process.version],
])('on %s', (_, node, version) => {
  const started = new Map<string, Awaited<ReturnType<typeof start>>>()
  beforeAll(async () => {
    for (const name of NAMES) started.set(name, await start(name, node()))
  }, 60_000)
  afterAll(() => Promise.all([...started.values()].map(({ stop }) => stop())))

  function get(name: string) {
    const found = started.get(name)
    if (!found) throw new Error(`${name} did not start`)
    return found
  }

  it('each starts, and runs on that version', () => {
    expect([...started.values()].map((each) => each.version)).toEqual(NAMES.map(() => version))
  })

  it.each(['sts', 'upload-event'])('%s starts only with its settings', async (name) => {
    await expect(start(name, node(), { OSS_BUCKET: '' })).rejects.toThrow('OSS_BUCKET')
  })

  it.each([
    ['signed-url', { operation: 'put' }, 'url'],
    ['post-policy', {}, 'fields'],
  ])('%s signs for a caller', async (name, more, member) => {
    const { invoke } = get(name)
    const headers = { Authorization: authorization() }
    const answer = toAnswer(
      await invoke(httpEvent({ path: `/${name}`, headers, body: { ...WISH, ...more } })),
    )
    expect(answer).toMatchObject({ statusCode: 200, body: { [member]: expect.anything() } })
    expect(JSON.stringify(answer.body)).toContain('sample-bucket.oss-cn-hangzhou.aliyuncs.com')
  })

  it.each(['sts', 'signed-url', 'post-policy'])(
    '%s refuses whoever has no token, and takes no other event',
    async (name) => {
      const { invoke } = get(name)
      const answer = toAnswer(await invoke(httpEvent({ path: `/${name}`, body: WISH })))
      expect(answer).toMatchObject({ statusCode: 401, body: { code: 'invalid_token' } })
      expect(toAnswer(await invoke(TIMER)).statusCode).toBe(400)
    },
  )

  it('sts refuses a caller whom no rule allows, before it asks STS', async () => {
    const { invoke } = get('sts')
    const headers = { Authorization: authorization() }
    const body = { rule: 'unknown', access: 'write' }
    const answer = toAnswer(await invoke(httpEvent({ path: '/sts', headers, body })))
    expect(answer).toMatchObject({ statusCode: 404, body: { code: 'rule_not_found' } })
  })

  it('upload-callback refuses what OSS did not sign', async () => {
    const { invoke } = get('upload-callback')
    const answer = toAnswer(
      await invoke(httpEvent({ path: '/upload-callback', body: { bucket: 'sample-bucket' } })),
    )
    expect(answer).toMatchObject({ statusCode: 403, body: { code: 'callback_rejected' } })
  })

  it('upload-event reads the event of OSS, and ignores what no rule uploads', async () => {
    const { invoke, lines } = get('upload-event')
    expect(await invoke(created('others/a.png'))).toBe('')
    expect(await invoke(TIMER)).toBe('')
    await until(() => lines.length === 2)
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { event: 'upload ignored', key: 'others/a.png' },
      { event: 'event ignored' },
    ])
  })

  it('upload-sweep looks for what is owed when its timer calls', async () => {
    const asked: string[] = []
    const oss = createServer(({ url = '' }, response) => {
      asked.push(url)
      response.end('<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>')
    })
    await new Promise<void>((resolve) => oss.listen(0, '127.0.0.1', resolve))
    const { port } = oss.address() as AddressInfo
    const here = `http://127.0.0.1:${port}`
    try {
      const sweep = await start('upload-sweep', node(), {
        ...{ OSS_ENDPOINT: here, OSS_INTERNAL_ENDPOINT: here, OSS_ADDRESSING: 'path' },
      })
      expect(await sweep.invoke(TIMER).finally(sweep.stop)).toBe('')
    } finally {
      oss.closeAllConnections()
      await new Promise((resolve) => oss.close(resolve))
    }
    expect(asked).toEqual([
      expect.stringMatching(/^\/sample-bucket\/\?.*prefix=\.oss-direct%2Fowed%2F/),
    ])
  })

  it('upload-consumer takes an upload event', async () => {
    const { invoke, lines } = get('upload-consumer')
    const data = { rule: 'avatar', sub: 'alice', key: 'avatars/alice/a.png', size: 5 }
    expect(await invoke({ specversion: '1.0', id: 'an-id', data })).toBe('')
    await until(() => lines.length === 1)
    expect(lines.join()).toContain('"id":"an-id"')
  })
})

it('each starts with the rules of this project', async () => {
  await build()
  for (const name of NAMES) {
    const { version, stop } = await start(name, process.execPath)
    await stop()
    expect(version).toBe(process.version)
  }
}, 60_000)
