import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import { type CredentialIssue, identify } from '../ram/principal'
import type { Account, Principal } from '../ram/types'
import { type GatewayRequest, headerOf, toPairs } from './event'

/** Why a request to Function Compute's own API is refused before it is looked at. */
export type ApiError = { status: number; code: string; message: string }

const MAX_SKEW_MS = 15 * 60 * 1000
const UNSIGNED: ApiError = apiError('AccessDenied', 'The request carries no FC signature')
const ERRORS = {
  unknown_key: apiError('InvalidAccessKeyID', 'The AccessKey ID does not exist'),
  token_missing: apiError('InvalidSecurityToken', 'The security token is missing'),
  token_unexpected: apiError('InvalidSecurityToken', 'The AccessKey takes no security token'),
  token_invalid: apiError('InvalidSecurityToken', 'The security token is not one of this account'),
  token_foreign: apiError('InvalidSecurityToken', 'The security token is of another AccessKey'),
  token_expired: apiError('InvalidSecurityToken', 'The security token has expired'),
} as const satisfies Record<CredentialIssue, ApiError>

/** Who signed a request by the `FC` scheme (Function Compute: request signature), or why nobody did. */
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
  const given = Buffer.from(signature, 'base64')
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    return { error: apiError('SignatureNotMatch', 'The signature is not the one of this request') }
  }
  if (!isDigestOf(request)) {
    return { error: apiError('InvalidArgument', 'Content-MD5 is not the one of the body', 400) }
  }
  return { principal: identity.principal }
}

/** The text that the signature covers: method, MD5, type, date, the `x-fc-` headers sorted, and the path. */
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
  if (Number.isNaN(time)) return apiError('AccessDenied', 'The header Date is missing or no time')
  if (Math.abs(time - now) <= MAX_SKEW_MS) return undefined
  return apiError('AccessDenied', 'The difference between the request time and ours is too large')
}

// The official SDK writes the base64 of the digest's hex digits; by the book it is of its bytes.
function isDigestOf(request: GatewayRequest): boolean {
  const given = headerOf(request, 'content-md5')
  if (given === undefined) return true
  const hex = createHash('md5').update(request.body).digest('hex')
  return [Buffer.from(hex), Buffer.from(hex, 'hex')].some(
    (form) => form.toString('base64') === given,
  )
}

function apiError(code: string, message: string, status = 403): ApiError {
  return { status, code, message }
}
