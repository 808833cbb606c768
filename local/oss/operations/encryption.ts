import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { Headers } from '../wire'

const HEADER = 'x-oss-server-side-encryption'
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
  if (headers['x-oss-server-side-encryption-key-id'] === '') {
    throw new OssError(OBJECT.encryptionKeyEmpty)
  }
}

/** Refuses a wish for encryption where nothing begins that could be encrypted. */
export function checkMayEncrypt(operation: string, headers: Headers): void {
  if (headers[HEADER] === undefined || ENCRYPTING.has(operation)) return
  throw new OssError(OBJECT.encryptionMisplaced)
}
