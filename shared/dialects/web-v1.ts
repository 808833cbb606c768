import type { SignedWebForm } from './signed-web-form'

/** The answer to Alibaba's classic web samples (plupload) and their copies, signed with version 1. */
export type WebV1Form = {
  accessid: string
  /** The same, as antd's sample reads it. */
  accessId: string
  host: string
  policy: string
  signature: string
  /** Unix seconds. */
  expire: number
  callback: string
  dir: string
  /** Present if the request named a file: the only key that OSS accepts. */
  key?: string
  /** Absent only for credentials without one. */
  'x-oss-security-token'?: string
  /** The fields that a form posts beside `key`, `policy`, the id and the signature. */
  fields: Readonly<Record<string, string>>
}

/** A signed form as the classic web samples read it. */
export function toWebV1({ signed, place }: SignedWebForm): WebV1Form {
  const { OSSAccessKeyId = '', Signature = '', policy = '', key: _, ...fields } = signed
  const { host, dir, key, expiresAt, callback } = place
  const token = signed['x-oss-security-token']
  return {
    accessid: OSSAccessKeyId,
    accessId: OSSAccessKeyId,
    host,
    policy,
    signature: Signature,
    expire: expiresAt,
    callback,
    dir,
    ...(key !== undefined && { key }),
    ...(token !== undefined && { 'x-oss-security-token': token }),
    fields,
  }
}
