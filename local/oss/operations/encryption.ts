import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { Headers } from '../wire'

const HEADER = 'x-oss-server-side-encryption'
const KEY_ID = 'x-oss-server-side-encryption-key-id'

/**
 * The headers that describe an object's encryption; stored with it and returned to writers and
 * readers.
 */
export const ENCRYPTION_HEADERS = [HEADER, KEY_ID]

const ALGORITHMS = new Set(['AES256', 'KMS', 'SM4'])
const ENCRYPTING = new Set(['PutObject', 'CopyObject', 'InitiateMultipartUpload', 'AppendObject'])

/** Throws an `OssError` for an encryption that OSS does not support. */
export function checkEncryption(headers: Headers): void {
  const algorithm = headers[HEADER]?.toUpperCase()
  if (algorithm === undefined) return
  if (!ALGORITHMS.has(algorithm)) throw new OssError(OBJECT.encryptionUnknown)
  if (algorithm !== 'KMS') return
  const ofData = headers['x-oss-server-side-data-encryption']?.toUpperCase() ?? 'SM4'
  if (ofData !== 'SM4') throw new OssError(OBJECT.dataEncryptionUnknown)
  if (headers[KEY_ID] === '') throw new OssError(OBJECT.encryptionKeyEmpty)
}

/** Returns the headers that describe an object's encryption, if any; the key id only for KMS. */
export function encryptionHeaders(headers: Headers): Record<string, string> {
  const { [HEADER]: algorithm, [KEY_ID]: keyId } = headers
  if (!algorithm) return {}
  const isNamed = algorithm.toUpperCase() === 'KMS' && keyId !== undefined
  return { [HEADER]: algorithm, ...(isNamed && { [KEY_ID]: keyId }) }
}

/** Throws an `OssError` for encryption headers on an operation that writes no new object. */
export function checkMayEncrypt(operation: string, headers: Headers): void {
  if (headers[HEADER] === undefined || ENCRYPTING.has(operation)) return
  throw new OssError(OBJECT.encryptionMisplaced)
}
