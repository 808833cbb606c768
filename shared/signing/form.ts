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

/** What a signed form is asked for; `now` in Unix seconds. */
export type FormInput = {
  fields: FormFields
  target: OssTarget
  credentials: Credentials
  now: number
  /** The POST policy's JSON text; it is given every field that the form will send beside policy and signature. */
  policyText: (fields: FormFields) => string
}

/** Signs a form: the fields given, the signature's own, the policy and its signature (OSS: PostObject, V4). */
export function signForm(input: FormInput): Record<string, string> {
  const { fields, target, credentials, now, policyText } = input
  const timestamp = toTimestamp(now)
  // Not a spread: adding to one costs Node 20 more than all the rest of signing.
  const form: Record<string, string> = Object.assign({}, fields)
  form['x-oss-signature-version'] = V4_ALGORITHM
  form['x-oss-credential'] = `${credentials.accessKeyId}/${toScope(timestamp, target.region)}`
  form['x-oss-date'] = timestamp
  if (credentials.securityToken) form['x-oss-security-token'] = credentials.securityToken
  // The base64 text itself is what is signed: there is no canonical request here.
  const policy = toBase64(policyText(form))
  const key = keptKey(toDay(timestamp), target.region, credentials.accessKeySecret)
  form.policy = policy
  form['x-oss-signature'] = signature(key, policy)
  return form
}
