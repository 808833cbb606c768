import type { Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { OssError } from '../errors/oss-error'
import { firstValue, type Signable } from '../wire'
import { toXmlTime } from '../xml'
import { type Authority, isKeyId, prove } from './identity'
import { signV1, stringToSignV1 } from './v1'

/** Verifies `?OSSAccessKeyId=…&Expires=…&Signature=…`: expiry before signature. */
export function verifyUrlV1(request: Signable, authority: Authority): Principal {
  const { accessKeyId, expires, signature } = readParameters(request)
  checkExpiry(expires, authority.now)
  if (!isKeyId(accessKeyId)) throw new OssError(AUTH.urlKeyIdInvalidV1)
  if (request.headers['x-oss-security-token'] !== undefined) {
    throw new OssError(AUTH.urlTokenInHeader)
  }
  const stringToSign = stringToSignV1(request, expires)
  return prove(
    {
      accessKeyId,
      securityToken: firstValue(request.query, 'security-token'),
      signature,
      stringToSign,
      sign: (secret) => signV1(secret, stringToSign),
      mismatch: AUTH.mismatchV1,
    },
    authority,
  )
}

function readParameters({ query }: Signable) {
  const accessKeyId = firstValue(query, 'OSSAccessKeyId')
  const expires = firstValue(query, 'Expires')
  const signature = firstValue(query, 'Signature')
  if (accessKeyId === undefined || expires === undefined || signature === undefined) {
    throw new OssError(AUTH.urlIncompleteV1)
  }
  return { accessKeyId, expires, signature }
}

function checkExpiry(expires: string, now: number): void {
  if (expires.trim() === '') throw new OssError(AUTH.urlExpiresBlank)
  if (!/^\d{1,15}$/.test(expires)) throw new OssError(AUTH.urlExpiresNotInteger)
  const time = Number(expires) * 1000
  if (now <= time) return
  throw new OssError(AUTH.urlExpiredV1, {
    Expires: toXmlTime(time),
    ServerTime: toXmlTime(now),
  })
}
