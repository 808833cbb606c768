import { createHash, createHmac, randomUUID } from 'node:crypto'
import { $OpenApiUtil } from '@alicloud/openapi-core'
import Client, { AssumeRoleRequest } from '@alicloud/sts20150401'
import { type AccountSeed, addRole, createAccount } from '../../../../local/ram/account'
import type { Account, PolicyDocument } from '../../../../local/ram/types'
import {
  type ReadApi,
  type StsLogEntry,
  type StsServer,
  startSts,
} from '../../../../local/sts/server'

export const ID = '1234567890123456'
export const ROLE = `acs:ram::${ID}:role/uploader`

export const ALLOW_ALL: PolicyDocument = {
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }],
}

/** Valid parameters of AssumeRole. */
export const POLICY = JSON.stringify({
  Version: '1',
  Statement: [{ Effect: 'Allow', Action: 'oss:PutObject', Resource: 'acs:oss:*:*:b/ü (1)!*' }],
})
export const INPUT = {
  RoleArn: ROLE,
  RoleSessionName: 'alice',
  DurationSeconds: '900',
  Policy: POLICY,
}

export type Sts = {
  server: StsServer
  account: Account
  log: StsLogEntry[]
  clock: { now: number }
}

export type Keys = { accessKeyId: string; accessKeySecret: string; securityToken?: string }

export const DEVELOPER: Keys = {
  accessKeyId: 'local-user-key',
  accessKeySecret: 'local-user-secret',
}

/**
 * Starts an STS with one role, `uploader`, that the account's user and the role `exec` may assume.
 */
async function openSts(seed: AccountSeed = {}, apis: readonly ReadApi[] = []): Promise<Sts> {
  const account = createAccount(seed)
  const user = `acs:ram::${ID}:user/developer`
  addRole(account, { name: 'exec', trusts: ['fc.aliyuncs.com'], policies: [ALLOW_ALL] })
  addRole(account, { name: 'uploader', trusts: ['exec', user], policies: [ALLOW_ALL] })
  const log: StsLogEntry[] = []
  const clock = { now: Math.floor(Date.now() / 1000) * 1000 }
  const server = await startSts({
    host: '127.0.0.1',
    port: 0,
    ...{ account, apis },
    now: () => clock.now,
    log: (entry) => log.push(entry),
  })
  return { server, account, log, clock }
}

/** Provides each test of a file with a new STS; `reopen` replaces it by one with this seed. */
export function provideSts() {
  let opened: Sts | undefined
  const close = async () => {
    await opened?.server.close()
    opened = undefined
  }
  const reopen = async (seed: AccountSeed = {}, apis: readonly ReadApi[] = []) => {
    await close()
    opened = await openSts(seed, apis)
  }
  beforeEach(() => reopen())
  afterEach(close)
  const sts = () => {
    if (opened === undefined) throw new Error('STS is open only while tests run')
    return opened
  }
  return { sts, reopen }
}

export function sdk(
  { server }: { server: { port: number } },
  keys: Keys,
  signatureAlgorithm?: string,
) {
  const config = new $OpenApiUtil.Config({
    ...keys,
    endpoint: `localhost:${server.port}`,
    protocol: 'http',
    ...(signatureAlgorithm ? { signatureAlgorithm } : {}),
  })
  const client = new Client(config)
  return (input: Partial<AssumeRoleRequest> = {}) =>
    client.assumeRole(new AssumeRoleRequest({ roleArn: ROLE, roleSessionName: 'alice', ...input }))
}

export type Signed = { method: string; path: string; headers: Record<string, string>; body: string }

/** Signs a request by ACS3; written independently, from the documentation. */
export function signRequest(
  { server, clock }: Sts,
  parameters: Record<string, string | undefined>,
  change: {
    keys?: Keys
    headers?: Record<string, string>
    form?: boolean
    unsigned?: string[]
  } = {},
): Signed {
  const { keys = DEVELOPER, form = false, unsigned = [] } = change
  const pairs = Object.entries(parameters).filter((pair): pair is [string, string] => !!pair[1])
  const text = new URLSearchParams(pairs).toString().replaceAll('+', '%20').replaceAll('*', '%2A')
  const body = form ? text : ''
  const headers: Record<string, string> = {
    host: `localhost:${server.port}`,
    'x-acs-action': 'AssumeRole',
    'x-acs-version': '2015-04-01',
    'x-acs-date': `${new Date(clock.now).toISOString().slice(0, 19)}Z`,
    'x-acs-signature-nonce': randomUUID(),
    'x-acs-content-sha256': createHash('sha256').update(body).digest('hex'),
    ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}),
    ...(keys.securityToken ? { 'x-acs-security-token': keys.securityToken } : {}),
    ...change.headers,
  }
  const names = Object.keys(headers)
    .filter((name) => !unsigned.includes(name))
    .sort()
  const query = form ? '' : text.split('&').sort().join('&')
  const canonical = [
    'POST',
    '/',
    query,
    ...names.map((name) => `${name}:${headers[name]}`),
    '',
    names.join(';'),
    createHash('sha256').update(body).digest('hex'),
  ].join('\n')
  const toSign = `ACS3-HMAC-SHA256\n${createHash('sha256').update(canonical).digest('hex')}`
  const signature = createHmac('sha256', keys.accessKeySecret).update(toSign).digest('hex')
  headers.authorization = `ACS3-HMAC-SHA256 Credential=${keys.accessKeyId},SignedHeaders=${names.join(';')},Signature=${signature}`
  return { method: 'POST', path: query ? `/?${query}` : '/', headers, body }
}

export async function send({ server }: Sts, { method, path, headers, body }: Signed) {
  const { host: _, ...rest } = headers
  const response = await fetch(`http://localhost:${server.port}${path}`, {
    method,
    headers: rest,
    ...(body ? { body } : {}),
  })
  const text = await response.text()
  const json = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {}
  return { status: response.status, headers: response.headers, text, json, code: json.Code }
}
