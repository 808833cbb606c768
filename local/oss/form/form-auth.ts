import type { Principal } from '../../ram/types'
import { parseCredential } from '../auth/credential'
import { type Authority, isKeyId, prove } from '../auth/identity'
import { parseBasicDate, SKEW_MS } from '../auth/time'
import { signV1 } from '../auth/v1'
import { signV4, V4 } from '../auth/v4'
import { AUTH } from '../errors/auth'
import { FORM } from '../errors/form'
import { OssError } from '../errors/oss-error'
import { checkConditions } from './conditions'
import { type Policy, parsePolicy } from './policy'

/** The signer of a form and its policy; `undefined` for an anonymous form. */
export type FormProof = { principal: Principal; policy: Policy } | undefined

type Fields = ReadonlyMap<string, string>

const MAX_AGE_MS = 7 * 24 * 60 * 60_000
const CREDENTIAL_ERRORS = {
  shape: FORM.credentialV4,
  keyId: FORM.credentialV4,
  day: FORM.dayV4,
  region: FORM.regionV4,
  product: FORM.credentialV4,
  terminator: FORM.credentialV4,
}
const V4_FIELDS = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-signature']
const V1_FIELDS = ['ossaccesskeyid', 'policy', 'signature']

/** Verifies a form's V4 or V1 signature; returns `undefined` for a form without one. */
export function verifyForm(fields: Fields, authority: Authority): FormProof {
  if (V4_FIELDS.some((name) => fields.has(name))) return verifyV4(fields, authority)
  if (!V1_FIELDS.some((name) => fields.has(name))) return undefined
  if (authority.v1Refused) throw new OssError(AUTH.v1Refused)
  return verifyV1(fields, authority)
}

function verifyV1(fields: Fields, authority: Authority): FormProof {
  const accessKeyId = fields.get('ossaccesskeyid')
  const signature = fields.get('signature')
  const policy = fields.get('policy')
  if (!accessKeyId) throw new OssError(FORM.keyIdEmpty)
  if (!signature) throw new OssError(FORM.signatureEmpty)
  if (!policy) throw new OssError(FORM.policyEmpty)
  if (!isKeyId(accessKeyId)) throw new OssError(AUTH.keyIdCharacters)
  const principal = prove(
    {
      accessKeyId,
      securityToken: fields.get('x-oss-security-token'),
      signature,
      stringToSign: policy,
      sign: (secret) => signV1(secret, policy),
      mismatch: FORM.mismatchV1,
    },
    authority,
  )
  return { principal, policy: checkExpiry(parsePolicy(policy), authority.now) }
}

function verifyV4(fields: Fields, authority: Authority): FormProof {
  if (fields.get('x-oss-signature-version') !== V4) throw new OssError(FORM.versionV4)
  const text = fields.get('policy')
  if (!text) throw new OssError(FORM.policyMissingV4)
  const signature = fields.get('x-oss-signature')
  if (signature === undefined) throw new OssError(FORM.signatureMissingV4)
  if (signature.trim() === '') throw new OssError(FORM.signatureBlankV4)
  const credential = fields.get('x-oss-credential') ?? ''
  const { accessKeyId, scope } = parseCredential(credential, authority.region, {
    ...CREDENTIAL_ERRORS,
    regionDetails: { ArgumentName: 'x-oss-credential', ArgumentValue: credential },
  })
  checkDate(fields.get('x-oss-date') ?? '', scope.day, authority.now)
  const principal = prove(
    {
      accessKeyId,
      securityToken: fields.get('x-oss-security-token'),
      signature,
      stringToSign: text,
      sign: (secret) => signV4(secret, scope, text),
      mismatch: FORM.mismatchV4,
    },
    authority,
  )
  const policy = checkExpiry(parsePolicy(text), authority.now)
  checkPinned(policy, fields)
  return { principal, policy }
}

function checkDate(date: string, day: string, now: number): void {
  const time = parseBasicDate(date)
  if (time === undefined) throw new OssError(FORM.dateV4)
  if (!date.startsWith(day)) throw new OssError(FORM.dayV4)
  if (now < time - SKEW_MS) throw new OssError(FORM.tooEarly)
  if (now > time + MAX_AGE_MS) throw new OssError(FORM.policyExpired)
}

/** Returns the policy, or throws an `OssError` if it has expired; `now` in Unix ms. */
export function checkExpiry(policy: Policy, now: number): Policy {
  if (now > policy.expiresAt) throw new OssError(FORM.policyExpired)
  return policy
}

// A V4 policy must have conditions for the fields that identify its signer (PostObject, V4
// signature).
function checkPinned({ conditions }: Policy, fields: Fields): void {
  const names = ['x-oss-signature-version', 'x-oss-credential', 'x-oss-date']
  if (fields.has('x-oss-security-token')) names.push('x-oss-security-token')
  for (const name of names) {
    const isPinned = conditions.some(
      (condition) =>
        condition.mode === 'eq' && condition.name === name && condition.value === fields.get(name),
    )
    if (isPinned) continue
    const mustHold = { mode: 'eq' as const, name, value: fields.get(name) ?? '' }
    checkConditions({ expiresAt: 0, conditions: [mustHold] }, () => undefined)
  }
}
