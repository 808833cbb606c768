import { type Details, type Fault, OssError } from '../errors/fault'
import { type Scope, TERMINATOR } from './v4'

/** The faults that the parts of a credential have where it was found. */
export type CredentialFaults = {
  shape: Fault
  keyId: Fault
  day: Fault
  region: Fault
  product: Fault
  terminator: Fault
  /** What another region's refusal tells; else the right region. */
  regionDetails?: Details
}

/** Reads `<id>/<day>/<region>/oss/aliyun_v4_request`, every part checked. */
export function parseCredential(
  text: string,
  region: string,
  faults: CredentialFaults,
): { accessKeyId: string; scope: Scope } {
  const parts = text.split('/')
  const [accessKeyId = '', day = '', ...rest] = parts
  const [givenRegion = '', product = '', terminator = ''] = rest
  if (terminator !== TERMINATOR && parts.length >= 2) throw new OssError(faults.terminator)
  if (parts.length !== 5) throw new OssError(faults.shape)
  if (!/^[A-Za-z0-9._-]{1,128}$/.test(accessKeyId)) throw new OssError(faults.keyId)
  if (!/^\d{8}$/.test(day)) throw new OssError(faults.day)
  if (product !== 'oss') throw new OssError(faults.product)
  if (givenRegion !== region) {
    throw new OssError(faults.region, faults.regionDetails ?? { Region: region })
  }
  return { accessKeyId, scope: { day, region, product } }
}
