import type { SignedWebForm } from './signed-web-form'

/** The answer to Alibaba's web samples for signature version 4. */
export type WebV4Form = {
  policy: string
  x_oss_signature_version: string
  /** The same, as the Java sample names it. */
  version: string
  x_oss_credential: string
  x_oss_date: string
  signature: string
  /** Absent only for credentials without one. */
  security_token?: string
  host: string
  dir: string
  callback: string
  /** Unix seconds. */
  expire: number
  /** Present if the request named a file: the only key that OSS accepts. */
  key?: string
  /** The fields that a form posts beside `key`, `policy` and those of the signature. */
  fields: Readonly<Record<string, string>>
}

/** A signed form as the web samples for signature version 4 read it. */
export function toWebV4({ signed, place }: SignedWebForm): WebV4Form {
  const {
    policy = '',
    key: _,
    'x-oss-signature-version': version = '',
    'x-oss-credential': credential = '',
    'x-oss-date': date = '',
    'x-oss-signature': signature = '',
    ...fields
  } = signed
  const { host, dir, key, expiresAt, callback } = place
  const token = signed['x-oss-security-token']
  return {
    policy,
    x_oss_signature_version: version,
    version,
    x_oss_credential: credential,
    x_oss_date: date,
    signature,
    ...(token !== undefined && { security_token: token }),
    host,
    dir,
    callback,
    expire: expiresAt,
    ...(key !== undefined && { key }),
    fields,
  }
}
