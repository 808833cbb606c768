import type { Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { OssError } from '../errors/oss-error'
import { firstValue, type Query, type Signable } from '../wire'
import { toXmlTime } from '../xml'
import { parseCredential } from './credential'
import { checkPayload, readAdditional } from './header-v4'
import { type Authority, prove } from './identity'
import { parseBasicDate, SKEW_MS } from './time'
import { canonicalRequestV4, signV4, stringToSignV4 } from './v4'

const ERRORS = {
  shape: AUTH.urlTerminatorV4,
  keyId: AUTH.urlKeyIdV4,
  day: AUTH.urlDayV4,
  region: AUTH.urlRegionV4,
  product: AUTH.productV4,
  terminator: AUTH.urlTerminatorV4,
}
const MAX_EXPIRES = 604_800

/** Verifies a V4 URL: its parameters, its window, then key, token and signature. */
export function verifyUrlV4(request: Signable, authority: Authority): Principal {
  const { query, headers } = request
  const signature = firstValue(query, 'x-oss-signature')
  if (signature === undefined) throw new OssError(AUTH.urlSignatureMissing)
  if (signature === '') throw new OssError(AUTH.urlSignatureEmpty)
  const credential = firstValue(query, 'x-oss-credential')
  if (credential === undefined) throw new OssError(AUTH.urlCredentialMissing)
  if (credential === '') throw new OssError(AUTH.urlCredentialEmpty)
  const { accessKeyId, scope } = parseCredential(credential, authority.region, ERRORS)
  const timestamp = checkWindow(query, authority.now)
  if (!timestamp.startsWith(scope.day)) throw new OssError(AUTH.urlDayV4)
  const additional = readAdditional(firstValue(query, 'x-oss-additional-headers'), headers)
  checkPayload(headers)
  if (headers['x-oss-security-token'] !== undefined) throw new OssError(AUTH.urlTokenInHeader)
  const canonicalRequest = canonicalRequestV4(request, additional)
  const stringToSign = stringToSignV4(timestamp, scope, canonicalRequest)
  return prove(
    {
      accessKeyId,
      securityToken: firstValue(query, 'x-oss-security-token'),
      signature,
      stringToSign,
      sign: (secret) => signV4(secret, scope, stringToSign),
      mismatch: AUTH.mismatchV4,
      details: { CanonicalRequest: canonicalRequest },
    },
    authority,
  )
}

function checkWindow(query: Query, now: number): string {
  const expires = firstValue(query, 'x-oss-expires')
  if (expires === undefined) throw new OssError(AUTH.urlExpiresMissing)
  if (expires === '') throw new OssError(AUTH.urlExpiresEmpty)
  const seconds = /^\d{1,6}$/.test(expires) ? Number(expires) : 0
  if (seconds < 1 || seconds > MAX_EXPIRES) throw new OssError(AUTH.urlExpiresRange)
  const timestamp = firstValue(query, 'x-oss-date') ?? ''
  const start = parseBasicDate(timestamp)
  if (start === undefined) throw new OssError(AUTH.urlDateV4)
  const end = start + seconds * 1000
  const times = { Expires: toXmlTime(end), ServerTime: toXmlTime(now) }
  if (now < start - SKEW_MS) throw new OssError(AUTH.urlTooEarly, times)
  if (now > end) throw new OssError(AUTH.urlExpiredV4, times)
  return timestamp
}
