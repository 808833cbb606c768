import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto'
import { parseRealTime } from '../clock'
import { type CredentialIssue, identify } from '../ram/principal'
import type { Account, Principal } from '../ram/types'
import { isAcs3, readAcs3 } from './acs3'
import type { Claim } from './claim'
import { type StsCode, StsError } from './errors'
import type { StsRequest } from './request'
import { readRpc } from './rpc'

/** Recent nonces, each with the Unix ms until which it must not be used again. */
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

/** Reads the claim of a request with either of the two signatures. */
export function readClaim(request: StsRequest): Claim {
  return isAcs3(request) ? readAcs3(request) : readRpc(request)
}

/**
 * Returns the signer; throws a `StsError` unless time, key, token, signature and nonce are valid,
 * checked in that order.
 */
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

// A nonce is refused as long as its request's date could be accepted: twice the tolerance, from its
// arrival.
function useNonce(nonces: Nonces, nonce: string, now: number): void {
  for (const [old, until] of nonces) {
    if (until >= now) break
    nonces.delete(old)
  }
  if (nonces.has(nonce)) throw new StsError('SignatureNonceUsed')
  nonces.set(nonce, now + 2 * SKEW_MS)
}

// Compares keyed digests, so that lengths may differ and the time reveals nothing.
function isSameText(a: string, b: string): boolean {
  const key = randomBytes(32)
  const digest = (text: string) => createHmac('sha256', key).update(text).digest()
  return timingSafeEqual(digest(a), digest(b))
}
