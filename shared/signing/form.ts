import { toBase64 } from './base64'
import type { OssTarget } from './target'
import {
  type Credentials,
  keptKey,
  signature,
  toDay,
  toScope,
  toTimestamp,
  V4_ALGORITHM,
} from './v4'

type FormFields = Readonly<Record<string, string>>

/** Input of a form signature; `now` in Unix seconds. */
export type FormInput = {
  fields: FormFields
  target: OssTarget
  credentials: Credentials
  now: number
  /** Returns the JSON of the POST policy; receives every field of the form except policy and signature. */
  policyText: (fields: FormFields) => string
}

/** Signs a form; returns its fields, those of the signature, the policy and the signature (OSS: PostObject, V4). */
export function signForm(input: FormInput): Record<string, string> {
  const { fields, target, credentials, now, policyText } = input
  const timestamp = toTimestamp(now)
  // Not a spread: on Node 20, adding members to one takes longer than the rest of signing.
  const form: Record<string, string> = Object.assign({}, fields)
  form['x-oss-signature-version'] = V4_ALGORITHM
  form['x-oss-credential'] = `${credentials.accessKeyId}/${toScope(timestamp, target.region)}`
  form['x-oss-date'] = timestamp
  if (credentials.securityToken) form['x-oss-security-token'] = credentials.securityToken
  // The base64 string itself is signed: a form has no canonical request.
  const policy = toBase64(policyText(form))
  const key = keptKey(toDay(timestamp), target.region, credentials.accessKeySecret)
  form.policy = policy
  form['x-oss-signature'] = signature(key, policy)
  return form
}
