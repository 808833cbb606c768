import { type Details, type ErrorKind, OssError } from '../errors/oss-error'
import { type Scope, TERMINATOR } from './v4'

/** The error for each invalid part of a credential. */
export type CredentialErrors = {
  shape: ErrorKind
  keyId: ErrorKind
  day: ErrorKind
  region: ErrorKind
  product: ErrorKind
  terminator: ErrorKind
  /** Details of the error for another region; the expected region when absent. */
  regionDetails?: Details
}

/**
 * Parses and checks `<id>/<day>/<region>/oss/aliyun_v4_request`; throws an `OssError` for an
 * invalid part.
 */
export function parseCredential(
  text: string,
  region: string,
  errors: CredentialErrors,
): { accessKeyId: string; scope: Scope } {
  const parts = text.split('/')
  const [accessKeyId = '', day = '', ...rest] = parts
  const [givenRegion = '', product = '', terminator = ''] = rest
  if (terminator !== TERMINATOR && parts.length >= 2) throw new OssError(errors.terminator)
  if (parts.length !== 5) throw new OssError(errors.shape)
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(accessKeyId)) throw new OssError(errors.keyId)
  if (!/^\d{8}$/.test(day)) throw new OssError(errors.day)
  if (product !== 'oss') throw new OssError(errors.product)
  if (givenRegion !== region) {
    throw new OssError(errors.region, errors.regionDetails ?? { Region: region })
  }
  return { accessKeyId, scope: { day, region, product } }
}
