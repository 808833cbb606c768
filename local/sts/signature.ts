import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseRealTime } from '../clock'
import { type CredentialIssue, identify } from '../ram/principal'
import type { Account, Principal } from '../ram/types'
import { isAcs3, readAcs3 } from './acs3'
import type { Claim } from './claim'
import { type StsCode, StsError } from './errors'
import type { StsRequest } from './request'
import { readRpc } from './rpc'

/** The nonces seen lately: Unix ms until which each must not come again. */
export type Nonces = Map<string, number>

const SKEW_MS = 15 * 60_000

const CODES = {
  unknown_key: 'InvalidAccessKeyId.NotFound',
  token_missing: 'MissingSecurityToken',
  token_unexpected: 'InvalidSecurityToken.MismatchWithAccessKey',
  token_foreign: 'InvalidSecurityToken.MismatchWithAccessKey',
  token_invalid: 'InvalidSecurityToken.Malformed',
  token_expired: 'InvalidSecurityToken.Expired',
} as const satisfies Record<CredentialIssue, StsCode>

/** Reads whichever of the two signatures a request carries. */
export function readClaim(request: StsRequest): Claim {
  return isAcs3(request) ? readAcs3(request) : readRpc(request)
}

/** Who signed it; throws unless time, key, token, signature and nonce are all right, in that order. */
export function verifyClaim(
  claim: Claim,
  { account, nonces, now }: { account: Account; nonces: Nonces; now: number },
): Principal {
  checkTime(claim.date, now)
  const identity = identify(account, { ...claim, now })
  if (!identity.ok) throw new StsError(toCode(identity.issue, claim, account))
  if (!isSameText(claim.sign(identity.accessKeySecret), claim.signature)) {
    throw new StsError('SignatureDoesNotMatch', explainMismatch(claim))
  }
  useNonce(nonces, `${claim.accessKeyId}\n${claim.nonce}`, now)
  return identity.principal
}

function toCode(issue: CredentialIssue, { accessKeyId }: Claim, account: Account): StsCode {
  const isThere = account.keys.some((key) => key.accessKeyId === accessKeyId)
  return issue === 'unknown_key' && isThere ? 'InvalidAccessKeyId.Inactive' : CODES[issue]
}

function explainMismatch({ canonicalRequest, stringToSign }: Claim): string {
  return [
    'Specified signature is not matched with our calculation.',
    ...(canonicalRequest === undefined ? [] : [`server canonical request is:${canonicalRequest}`]),
    `server string to sign is:${stringToSign}`,
  ].join(' ')
}

function checkTime(date: string, now: number): void {
  if (!/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,3})?Z$/.test(date)) {
    throw new StsError('InvalidTimeStamp.Format')
  }
  const time = parseRealTime(date)
  if (time === undefined) throw new StsError('InvalidTimeStamp.Format')
  if (Math.abs(now - time) > SKEW_MS) throw new StsError('InvalidTimeStamp.Expired')
}

// A nonce is refused while its request's date could still pass: twice the skew, seen from its arrival.
function useNonce(nonces: Nonces, nonce: string, now: number): void {
  for (const [old, until] of nonces) {
    if (until >= now) break
    nonces.delete(old)
  }
  if (nonces.has(nonce)) throw new StsError('SignatureNonceUsed')
  nonces.set(nonce, now + 2 * SKEW_MS)
}

// Compares keyed digests, so that lengths may differ and time tells nothing.
function isSameText(a: string, b: string): boolean {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
