import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createClock } from '../../../../local/clock'
import { createFunctions, type FunctionSpec } from '../../../../local/fc/functions'
import { type GatewayLogEntry, type LocalRoute, startGateway } from '../../../../local/fc/gateway'
import { addRole, createAccount } from '../../../../local/ram/account'
import { issueSession } from '../../../../local/ram/session'

export const START = '2023-11-14T22:13:20Z'

/** Starts a gateway with functions of these sources, each at `/<name>`, with its own role. */
export async function openGateway(
  sources: Record<string, string>,
  options: {
    methods?: string[]
    routes?: LocalRoute[]
    timeoutSeconds?: number
    maxInstances?: number
    refresh?: () => Promise<void>
  } = {},
) {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const account = createAccount()
  const clock = createClock(START)
  const lines: string[] = []
  const entries: GatewayLogEntry[] = []
  const functions = createFunctions({
    accountId: account.id,
    region: 'cn-hangzhou',
    now: clock.now,
    clock: clock.shared,
    log: (name, line) => lines.push(`${name}: ${line}`),
    maxInstances: options.maxInstances ?? 1,
  })
  const toSpec = ([name, source]: [string, string]): FunctionSpec => {
    const role = addRole(account, { name, trusts: ['fc.aliyuncs.com'], policies: [] })
    return {
      name,
      file: writeFunction(folder, source),
      env: { SETTING: `of ${name}` },
      openSession: () =>
        issueSession(account, { role, sessionName: name, durationSeconds: 7200, now: clock.now() }),
      ...(options.timeoutSeconds === undefined ? {} : { timeoutSeconds: options.timeoutSeconds }),
    }
  }
  const deploy = (changed: Record<string, string>) =>
    functions.deploy(Object.entries(changed).map(toSpec))
  await deploy(sources).catch((error: unknown) => {
    rmSync(folder, { recursive: true, force: true })
    throw error
  })
  const gateway = await startGateway({
    host: '127.0.0.1',
    port: 0,
    accountId: account.id,
    now: clock.now,
    functions,
    ...(options.refresh && { refresh: options.refresh }),
    triggers: Object.keys(sources).map((name) => ({
      path: `/${name}`,
      methods: options.methods ?? ['GET', 'POST', 'HEAD'],
      functionName: name,
    })),
    log: (entry) => entries.push(entry),
  })
  gateway.addRoutes(options.routes ?? [])
  async function close() {
    await gateway.close()
    await functions.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return { url: gateway.url, port: gateway.port, account, clock, lines, entries, deploy, close }
}

export type TestGateway = Awaited<ReturnType<typeof openGateway>>

let files = 0

function writeFunction(folder: string, source: string): string {
  const own = join(folder, String(files++))
  mkdirSync(own)
  const file = join(own, 'index.js')
  writeFileSync(file, source)
  return file
}

/** Sends exactly these bytes and returns the complete response. */
export function sendRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()))
    socket.on('error', reject)
  })
}

/** A function that returns its event and context. */
export const ECHO = `exports.handler = async (event, context) => ({
  statusCode: 200,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ event: JSON.parse(event.toString()), isBuffer: Buffer.isBuffer(event), context, env: process.env, now: [Date.now(), new Date().getTime()] }),
})`

/** A function that returns the value of its body, a JavaScript expression. */
export const EVALUATE = `exports.handler = async (event) => {
  const { body, isBase64Encoded } = JSON.parse(event.toString())
  return eval('(' + Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8').toString() + ')')
}`
