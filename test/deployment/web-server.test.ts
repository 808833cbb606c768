// The web server as s.web-server.yaml deploys it: the zip, the arguments and the environment of the manifest.
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { dirname } from 'node:path'
import { builtServer } from '../server/support/process'
import { previewOf } from '../support/preview'
import { until } from '../support/until'
import { bearer, CALLER_SETTINGS } from './support/caller'
import { extractCode, removeCode } from './support/extract'
import { oldestNode } from './support/oldest-node'

type Props = {
  environmentVariables: Record<string, string>
  customRuntimeConfig: {
    command: string[]
    args: string[]
    healthCheckConfig: { httpGetUrl: string }
  }
}

const PROPS = previewOf('s.web-server.yaml').resources['web-server']?.props as unknown as Props
const RUNTIME = PROPS.customRuntimeConfig
const FC = { FC_FUNCTION_NAME: 'oss-direct-web-server', FC_ACCOUNT_ID: '1234567890123456' }
// What Function Compute adds to each request.
const CREDENTIALS = {
  'x-fc-access-key-id': 'STS.a',
  'x-fc-access-key-secret': 'b',
  'x-fc-security-token': 'c',
  'x-fc-request-id': 'a-request',
}

let code: string
let child: ChildProcess | undefined

beforeAll(async () => {
  code = extractCode(dirname(await builtServer()))
}, 60_000)
afterEach(() => child?.kill('SIGKILL'))
afterAll(removeCode)

/** Starts it on a free port instead of Function Compute's; returns its URL. */
async function start(node: string): Promise<string> {
  const [, script = ''] = RUNTIME.command
  const args = RUNTIME.args.map((value) => (/^\d{4}$/.test(value) ? '0' : value))
  const env = { ...PROPS.environmentVariables, ...CALLER_SETTINGS, ...FC }
  child = spawn(node, [script, ...args], { cwd: code, env, stdio: ['ignore', 'pipe', 'inherit'] })
  let output = ''
  child.stdout?.on('data', (chunk) => {
    output += chunk
  })
  const port = () => /"event":"listening","url":"[^"]+:(\d+)"/.exec(output)?.[1]
  await until(() => port() !== undefined || child?.exitCode !== null)
  return `http://127.0.0.1:${port()}`
}

it.each([
  ['Node 20.11.0', oldestNode],
  ['this Node', () => process.execPath],
])('on %s it is healthy, signs for a caller, and stops when it is told', async (_, node) => {
  const url = await start(node())
  const health = await fetch(`${url}${RUNTIME.healthCheckConfig.httpGetUrl}`)
  expect([health.status, await health.text()]).toEqual([200, 'ok\n'])
  const authorization = bearer({ iss: 'https://login.example.com', aud: 'oss-direct' })
  const answer = await fetch(`${url}/post-policy`, {
    method: 'POST',
    headers: { ...CREDENTIALS, authorization },
    body: JSON.stringify({ rule: 'avatar', filename: 'a.png', contentType: 'image/png' }),
  })
  expect([answer.status, await answer.json()]).toEqual([
    200,
    expect.objectContaining({ url: 'https://sample-bucket.oss-cn-hangzhou.aliyuncs.com/' }),
  ])
  const ended = once(child as ChildProcess, 'exit')
  child?.kill('SIGTERM')
  expect(await ended).toEqual([0, null])
})
