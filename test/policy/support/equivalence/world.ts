import { createHmac, randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { Agent, type Server, request as send } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postPolicy } from '../../../../functions/post-policy'
import { signedUrl } from '../../../../functions/signed-url'
import { sts } from '../../../../functions/sts'
import { type OssServer, startOss } from '../../../../local/oss/server'
import { addRole, createAccount, DEFAULT_SEED } from '../../../../local/ram/account'
import type { Account } from '../../../../local/ram/types'
import { type StsServer, startSts } from '../../../../local/sts/server'
import { type EnvSource, loadEnv } from '../../../../shared/env/env'
import { FUNCTION_NAMES, type FunctionName } from '../../../../shared/env/function-settings'
import type { Handler } from '../../../../shared/env/respond'
import { Refusal } from '../../../../shared/errors'
import { rolePolicies } from '../../../../shared/rules/role-policy'
import type { Rules } from '../../../../shared/rules/rules'
import { signHeaders } from '../../../../shared/signing/header'
import type { Method } from '../../../../shared/signing/url'
import { ENVIRONMENT } from '../../../env/support/settings-example'
import { roleCredentials, startProver } from './prover'

const BUCKET = 'equal-bkt'
const REGION = 'cn-hangzhou'
const KEY_PATH = '/callback_pub_key_v1.pem'
const FUNCTIONS = {
  sts: { handler: sts, path: '/sts' },
  'signed-url': { handler: signedUrl, path: '/signed-url' },
  'post-policy': { handler: postPolicy, path: '/post-policy' },
} as const satisfies Record<keyof Answers, { handler: Handler; path: string }>

/** What each function answers, as far as a client uses it. */
type Answers = {
  sts: {
    credentials: Required<Credentials>
    prefix: string
    callback: { callbackVar: object }
  }
  'signed-url': {
    method: string
    url: string
    headers: Record<string, string>
    key: string
    prefix: string
  }
  'post-policy': { url: string; fields: Record<string, string>; key: string }
}
export type Caller = { sub: string; claims: object }
export type Answer = { status: number; headers: NodeJS.Dict<string | string[]>; body: string }
type Credentials = {
  accessKeyId: string
  accessKeySecret: string
  securityToken?: string
}

/** OSS and STS on this machine, the three functions that issue permission, and the one that proves uploads. */
export type World = {
  /** Puts rules in force, roles included. */
  setRules: (rules: Rules) => void
  /** The function's answer to this caller, or the reason of its refusal. */
  ask: <N extends keyof Answers>(
    name: N,
    caller: Caller,
    wish: object,
    query?: Record<string, string>,
  ) => Promise<Answers[N] | string>
  send: (
    method: string,
    url: string,
    headers: Record<string, string>,
    body?: Buffer,
  ) => Promise<Answer>
  /** One request to OSS signed in its header, by the account's root when no credentials are given. */
  sendSigned: (order: {
    method: Method
    key: string
    query?: Record<string, string>
    headers?: Record<string, string>
    body?: Buffer
    credentials?: Credentials
  }) => Promise<Answer>
  objectUrl: (key: string) => string
  close: () => Promise<void>
}

export async function startWorld(): Promise<World> {
  const dataDir = mkdtempSync(join(tmpdir(), 'equivalence-'))
  const account = createAccount()
  const common = { host: '127.0.0.1', port: 0, account, now: Date.now, log: () => undefined }
  const oss = await startOss({ ...common, region: REGION, buckets: [BUCKET], dataDir })
  const stsServer = await startSts(common)
  const agent = new Agent({ keepAlive: true, maxSockets: 1 })
  let sources: ReadonlyMap<FunctionName, EnvSource>
  const callback = await startProver(() => sourceOf(sources, 'upload-callback'), account)
  const key = await sendRequest(agent, { method: 'GET', url: `${oss.url}${KEY_PATH}`, headers: {} })
  return {
    setRules: (rules) => {
      setRoles(account, rules)
      const environment = toEnvironment({ oss, stsServer, callback, pem: key.body })
      const load = (name: FunctionName) =>
        loadEnv(rules, name, { environment, write: () => undefined })
      sources = new Map(FUNCTION_NAMES.map((name) => [name, load(name)]))
    },
    ask: (name, caller, wish, query = {}) =>
      ask(name, { caller, wish, query, source: sourceOf(sources, name), account }),
    send: (method, url, headers, body) => sendRequest(agent, { method, url, headers, body }),
    sendSigned: ({ method, key, query, headers, body, credentials = DEFAULT_SEED.root }) => {
      const target = {
        bucket: BUCKET,
        region: REGION,
        endpoint: oss.url,
        addressing: 'path' as const,
      }
      const now = Math.floor(Date.now() / 1000)
      const order = { method, target, key, credentials, now }
      const signed = signHeaders({ ...order, ...(query && { query }), ...(headers && { headers }) })
      return sendRequest(agent, { ...signed, body })
    },
    objectUrl: (key) => `${oss.url}/${BUCKET}/${key.split('/').map(encodeStrictly).join('/')}`,
    close: async () => {
      agent.destroy()
      await Promise.all([
        oss.close(),
        stsServer.close(),
        new Promise((done) => callback.close(done)),
      ])
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

type Servers = { oss: OssServer; stsServer: StsServer; callback: Server; pem: string }

function toEnvironment({ oss, stsServer, callback, pem }: Servers): Record<string, string> {
  return {
    ...ENVIRONMENT,
    OSS_BUCKET: BUCKET,
    OSS_REGION: REGION,
    OSS_ENDPOINT: oss.url,
    OSS_ADDRESSING: 'path',
    STS_ENDPOINT: stsServer.url,
    STS_ROLE_ARN: `acs:ram::${DEFAULT_SEED.id}:role/delegate`,
    CALLBACK_URL: `http://localhost:${(callback.address() as AddressInfo).port}/upload-callback`,
    CALLBACK_KEY_URL: `${oss.url}${KEY_PATH}`,
    CALLBACK_KEY: pem,
    LEDGER: 'memory',
  }
}

function setRoles(account: Account, rules: Rules): void {
  const delegateRoleArn = `acs:ram::${account.id}:role/delegate`
  const policies = rolePolicies(rules, { bucket: BUCKET, accountId: account.id, delegateRoleArn })
  for (const [name, policy] of Object.entries(policies)) {
    const trusts = name === 'delegate' ? ['sts'] : ['fc.aliyuncs.com']
    addRole(account, { name, trusts, policies: [policy] })
  }
}

function sourceOf(sources: ReadonlyMap<FunctionName, EnvSource>, name: FunctionName): EnvSource {
  const source = sources.get(name)
  if (source === undefined) throw new Error(`no settings of ${name}`)
  return source
}

type Question = {
  caller: Caller
  wish: object
  query: Record<string, string>
  source: EnvSource
  account: Account
}

async function ask<N extends keyof Answers>(
  name: N,
  { caller, wish, query, source, account }: Question,
): Promise<Answers[N] | string> {
  const { handler, path } = FUNCTIONS[name]
  const requestId = randomUUID()
  const credentials = roleCredentials(account, name)
  const request = {
    method: 'POST',
    path,
    query,
    headers: { authorization: `Bearer ${tokenOf(caller)}`, 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(wish)),
    requestId,
    sourceIp: '127.0.0.1',
  }
  try {
    const answer = await handler(request, source.at({ requestId, credentials }))
    return JSON.parse(answer.body)
  } catch (error) {
    if (error instanceof Refusal && !['internal', 'unavailable'].includes(error.code)) {
      return error.reason
    }
    throw error
  }
}

function tokenOf({ sub, claims }: Caller): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const exp = Math.floor(Date.now() / 1000) + 600
  const payload = {
    iss: ENVIRONMENT.AUTH_ISSUER,
    aud: ENVIRONMENT.AUTH_AUDIENCE,
    sub,
    exp,
    ...claims,
  }
  const text = `${encode({ alg: 'HS256' })}.${encode(payload)}`
  const secret = ENVIRONMENT.AUTH_SECRET as string
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

type Sent = {
  method: string
  url: string
  headers: Readonly<Record<string, string>>
  body?: Buffer | undefined
}

function sendRequest(agent: Agent, { method, url, headers, body }: Sent): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = { 'content-length': String(body?.length ?? 0) }
    const options = { method, agent, headers: { ...headers, ...length } }
    const outgoing = send(url, options, (response) => {
      const chunks: Buffer[] = []
      response
        .on('data', (chunk: Buffer) => chunks.push(chunk))
        .on('end', () => {
          const text = Buffer.concat(chunks).toString()
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text })
        })
    })
    outgoing.on('error', reject).end(body)
  })
}

function encodeStrictly(text: string): string {
  return encodeURIComponent(text).replace(/[!'()*]/g, (character) => {
    return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
  })
}
