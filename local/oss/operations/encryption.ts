import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { Headers } from '../wire'

const HEADER = 'x-oss-server-side-encryption'
const KEY_ID = 'x-oss-server-side-encryption-key-id'

/** What is kept of an object's encryption, and told to whoever writes or reads it. */
export const ENCRYPTION_HEADERS = [HEADER, KEY_ID]

const ALGORITHMS = new Set(['AES256', 'KMS', 'SM4'])
const ENCRYPTING = new Set(['PutObject', 'CopyObject', 'InitiateMultipartUpload', 'AppendObject'])

/** Refuses to encrypt by what OSS does not know. */
export function checkEncryption(headers: Headers): void {
  const algorithm = headers[HEADER]?.toUpperCase()
  if (algorithm === undefined) return
  if (!ALGORITHMS.has(algorithm)) throw new OssError(OBJECT.encryptionUnknown)
  if (algorithm !== 'KMS') return
  const ofData = headers['x-oss-server-side-data-encryption']?.toUpperCase() ?? 'SM4'
  if (ofData !== 'SM4') throw new OssError(OBJECT.dataEncryptionUnknown)
  if (headers[KEY_ID] === '') throw new OssError(OBJECT.encryptionKeyEmpty)
}

/** The headers that say how an object is encrypted, if it is; a key's id belongs to KMS alone. */
export function encryptionHeaders(headers: Headers): Record<string, string> {
  const { [HEADER]: algorithm, [KEY_ID]: keyId } = headers
  if (!algorithm) return {}
  const isNamed = algorithm.toUpperCase() === 'KMS' && keyId !== undefined
  return { [HEADER]: algorithm, ...(isNamed && { [KEY_ID]: keyId }) }
}

/** Refuses a wish for encryption where nothing begins that could be encrypted. */
export function checkMayEncrypt(operation: string, headers: Headers): void {
  if (headers[HEADER] === undefined || ENCRYPTING.has(operation)) return
  throw new OssError(OBJECT.encryptionMisplaced)
}
