import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type CredentialIssue, identify } from '../ram/principal'
import type { Account, Principal } from '../ram/types'
import { type GatewayRequest, headerOf, toPairs } from './event'

/** An error of Function Compute's API before the operation runs. */
export type ApiError = { status: number; code: string; message: string }

const MAX_SKEW_MS = 15 * 60 * 1000
const UNSIGNED: ApiError = apiError('AccessDenied', 'The request has no FC signature')
const ERRORS = {
  unknown_key: apiError('InvalidAccessKeyID', 'The AccessKey ID does not exist'),
  token_missing: apiError('InvalidSecurityToken', 'The security token is missing'),
  token_unexpected: apiError(
    'InvalidSecurityToken',
    'The AccessKey must not have a security token',
  ),
  token_invalid: apiError('InvalidSecurityToken', 'The security token is not of this account'),
  token_foreign: apiError(
    'InvalidSecurityToken',
    'The security token belongs to another AccessKey',
  ),
  token_expired: apiError('InvalidSecurityToken', 'The security token has expired'),
} as const satisfies Record<CredentialIssue, ApiError>

/**
 * Returns the signer of a request with an `FC` signature (Function Compute: request signature), or
 * an error.
 */
export function authenticateFc(
  request: GatewayRequest,
  { account, now }: { account: Account; now: number },
): { principal: Principal } | { error: ApiError } {
  const header = headerOf(request, 'authorization') ?? ''
  const [, accessKeyId = '', signature = ''] =
    /^FC ([^:\s]+):([A-Za-z0-9+/]+=*)$/.exec(header) ?? []
  if (accessKeyId === '') return { error: UNSIGNED }
  const timeError = findTimeError(headerOf(request, 'date'), now)
  if (timeError) return { error: timeError }
  const securityToken = headerOf(request, 'x-fc-security-token')
  const identity = identify(account, { accessKeyId, securityToken, now })
  if (!identity.ok) return { error: ERRORS[identity.issue] }
  const expected = createHmac('sha256', identity.accessKeySecret).update(fcText(request)).digest()
  const received = Buffer.from(signature, 'base64')
  if (received.length !== expected.length || !timingSafeEqual(received, expected)) {
    return { error: apiError('SignatureNotMatch', 'The signature does not match the request') }
  }
  if (!isDigestOf(request)) {
    return { error: apiError('InvalidArgument', 'Content-MD5 does not match the body', 400) }
  }
  return { principal: identity.principal }
}

/** Returns the string to sign: method, MD5, type, date, the sorted `x-fc-` headers and the path. @internal */
export function fcText(request: GatewayRequest): string {
  const own = toPairs(request.rawHeaders)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(([name]) => name.startsWith('x-fc-'))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const lines = ['content-md5', 'content-type', 'date'].map((name) => headerOf(request, name) ?? '')
  const path = decodeURIComponent(request.url.split('?')[0] ?? '')
  return [request.method, ...lines, `${own.join('')}${path}`].join('\n')
}

function findTimeError(date: string | undefined, now: number): ApiError | undefined {
  const time = Date.parse(date ?? '')
  if (Number.isNaN(time))
    return apiError('AccessDenied', 'The header Date is missing or not a valid time')
  if (Math.abs(time - now) <= MAX_SKEW_MS) return undefined
  return apiError('AccessDenied', 'The difference between the request time and ours is too large')
}

// The official SDK sends the base64 of the digest's hex digits; the documentation says of its
// bytes.
function isDigestOf(request: GatewayRequest): boolean {
  const header = headerOf(request, 'content-md5')
  if (header === undefined) return true
  const hex = createHash('md5').update(request.body).digest('hex')
  return [Buffer.from(hex), Buffer.from(hex, 'hex')].some(
    (form) => form.toString('base64') === header,
  )
}

function apiError(code: string, message: string, status = 403): ApiError {
  return { status, code, message }
}
