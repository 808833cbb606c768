import Client, { $OpenApiUtil } from '@alicloud/openapi-core'
import { RuntimeOptions } from '@darabonba/typescript'
import { UsageError } from './command-line'
import type { Finding } from './findings'

/** A call that reads: by its action alone (RPC) or by a path as well (ROA). */
export type CloudCall = {
  /** With its scheme. */
  endpoint: string
  version: string
  action: string
  /** The path of an API in the style of ROA. */
  path?: string
  query?: Readonly<Record<string, string>>
}

type Failure = { code?: string; message?: string; name?: string }

const TIMEOUT_MS = 5000
const NO_NETWORK = /ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EHOSTUNREACH|timeout/i
const NO_RIGHT = /^(?:NoPermission|AccessDenied|Forbidden|ImplicitDeny|ExplicitDeny)/i
const NO_KEY =
  /^(?:InvalidAccessKey|InvalidSecurityToken|SignatureDoesNotMatch|MissingSecurityToken)/
const CLOCK = /^InvalidTimeStamp/

/** Calls an API with the key in the environment, by the official core SDK; rejects with its errors. */
export async function callCloud(call: CloudCall): Promise<unknown> {
  const { endpoint, version, action, path = '/', query = {} } = call
  const { protocol, host } = new URL(endpoint)
  const isRoa = call.path !== undefined
  const client = new Client(
    new $OpenApiUtil.Config({
      ...readKey(),
      ...{ endpoint: host, protocol: protocol.slice(0, -1) },
      ...{ connectTimeout: TIMEOUT_MS, readTimeout: TIMEOUT_MS },
    }),
  )
  const params = new $OpenApiUtil.Params({
    ...{ action, version, pathname: path, authType: 'AK', bodyType: 'json' },
    ...{ protocol: 'HTTPS', method: isRoa ? 'GET' : 'POST', style: isRoa ? 'ROA' : 'RPC' },
    reqBodyType: isRoa ? 'json' : 'formData',
  })
  const request = new $OpenApiUtil.OpenApiRequest({ query })
  const answer = await client.callApi(params, request, new RuntimeOptions({}))
  return (answer as { body?: unknown }).body
}

/** Returns whether an error says that there is no such thing. */
export function isMissing(error: unknown): boolean {
  return /^EntityNotExist|NotFound$/.test((error as Failure).code ?? '')
}

/** Says in words why a call failed: what was not looked at is unknown. Throws a `UsageError` on. */
export function toFailure(error: unknown, subject: string, right: string): Finding {
  if (error instanceof UsageError) throw error
  const { code = '', message = '', name = '' } = error as Failure
  if (NO_NETWORK.test(`${code} ${name} ${message}`)) {
    const fix = 'check the network, the region and the endpoint'
    return { state: 'unknown', subject, what: 'cannot be read: no network', fix }
  }
  const key = 'ALIBABA_CLOUD_ACCESS_KEY_ID'
  const [what, fix] = NO_RIGHT.test(code)
    ? ['may not be read with this key', `give the user ${right}`]
    : NO_KEY.test(code)
      ? [
          `cannot be read: the key is refused (${code})`,
          `set ${key}, its secret and its token anew`,
        ]
      : CLOCK.test(code)
        ? ["cannot be read: this machine's clock is wrong", 'set the clock by NTP']
        : [`cannot be read: ${code || name} was answered`, `oss-direct explain ${code}`.trim()]
  return { state: 'unknown', subject, what, fix }
}

function readKey() {
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret } =
    process.env
  const { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } = process.env
  if (!accessKeyId || !secret) {
    throw new UsageError(
      'ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are needed',
    )
  }
  return { accessKeyId, accessKeySecret: secret, ...(securityToken && { securityToken }) }
}
