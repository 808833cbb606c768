import { timingSafeEqual } from 'node:crypto'
import { type CredentialIssue, identify } from '../../ram/principal'
import type { Account, Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { type Details, type ErrorKind, OssError } from '../errors/oss-error'
import type { Notes } from '../notes'

/** The account, its region and the time that a verification needs. */
export type Authority = {
  account: Account
  region: string
  now: number
  v1Refused: boolean
  notes?: Notes
}

/** A signature as the client sent it, and the input to compute the expected one. */
export type Proof = {
  accessKeyId: string
  securityToken: string | undefined
  signature: string
  stringToSign: string
  sign: (secret: string) => string
  mismatch: ErrorKind
  details?: Details
}

const ERRORS: Readonly<Record<CredentialIssue, ErrorKind>> = {
  unknown_key: AUTH.keyIdUnknown,
  token_missing: AUTH.tokenMissing,
  token_unexpected: AUTH.tokenUnexpected,
  token_foreign: AUTH.tokenMismatch,
  token_invalid: AUTH.tokenInvalid,
  token_expired: AUTH.tokenExpired,
}

/**
 * Returns the signer; throws an `OssError` for an unknown key, an invalid token and, last, a wrong
 * signature.
 */
export function prove(proof: Proof, { account, now, notes }: Authority): Principal {
  const { accessKeyId, securityToken, signature, stringToSign } = proof
  const identity = identify(account, { accessKeyId, securityToken, now })
  if (!identity.ok) {
    const isDisabled = account.keys.some((key) => key.accessKeyId === accessKeyId && key.inactive)
    const kind = isDisabled ? AUTH.keyIdDisabled : ERRORS[identity.issue]
    throw new OssError(kind, { OSSAccessKeyId: accessKeyId })
  }
  const isRight = isSameText(proof.sign(identity.accessKeySecret), signature)
  if (notes) notes.signature = { accessKeyId, stringToSign, isRight, ...stages(proof) }
  if (isRight) return identity.principal
  throw new OssError(proof.mismatch, {
    OSSAccessKeyId: accessKeyId,
    SignatureProvided: signature,
    StringToSign: stringToSign,
    StringToSignBytes: toHexBytes(stringToSign),
    ...proof.details,
  })
}

function stages({ details }: Proof): { canonicalRequest?: string } {
  const canonicalRequest = details?.CanonicalRequest
  return typeof canonicalRequest === 'string' ? { canonicalRequest } : {}
}

/** Returns true if a string has only characters allowed in access key ids. */
export function isKeyId(text: string): boolean {
  return /^[A-Za-z0-9._-]{1,128}$/.test(text)
}

function isSameText(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)]
  return left.length === right.length && timingSafeEqual(left, right)
}

// OSS prints a space after every byte, including the last.
function toHexBytes(text: string): string {
  return Buffer.from(text).toString('hex').toUpperCase().replace(/../g, '$& ')
}
