import type { Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { OssError } from '../errors/oss-error'
import type { Signable } from '../wire'
import { toXmlTime } from '../xml'
import { type Authority, isKeyId, prove } from './identity'
import { parseBasicDate, parseHttpDate, parseIsoDate, SKEW_MS } from './time'
import { signV1, stringToSignV1 } from './v1'

/** Verifies `Authorization: OSS <id>:<signature>`. */
export function verifyHeaderV1(request: Signable, authority: Authority): Principal {
  const { accessKeyId, signature } = parse(request.headers.authorization ?? '')
  const date = checkDate(request, authority.now)
  if (!isKeyId(accessKeyId)) throw new OssError(AUTH.keyIdCharacters)
  const stringToSign = stringToSignV1(request, date)
  return prove(
    {
      accessKeyId,
      securityToken: request.headers['x-oss-security-token'],
      signature,
      stringToSign,
      sign: (secret) => signV1(secret, stringToSign),
      mismatch: AUTH.mismatchV1,
    },
    authority,
  )
}

function parse(authorization: string): { accessKeyId: string; signature: string } {
  const rest = authorization.slice('OSS '.length).trim()
  const at = rest.indexOf(':')
  const [accessKeyId, signature] = [rest.slice(0, Math.max(at, 0)), rest.slice(at + 1)]
  if (at < 0) throw new OssError(AUTH.headerColonV1)
  if (accessKeyId === '') throw new OssError(AUTH.headerKeyIdEmptyV1)
  if (signature === '') throw new OssError(AUTH.headerSignatureEmptyV1)
  return { accessKeyId, signature }
}

function checkDate({ headers }: Signable, now: number): string {
  const date = headers['x-oss-date'] ?? headers.date
  if (date === undefined) throw new OssError(AUTH.dateMissing)
  const time = parseHttpDate(date) ?? parseIsoDate(date) ?? parseBasicDate(date)
  if (time === undefined) throw new OssError(AUTH.dateInvalid)
  checkSkew(time, now)
  return date
}

/** Throws an `OssError` if a time, in Unix ms, is more than 15 minutes from `now`. */
export function checkSkew(time: number, now: number): void {
  if (Math.abs(now - time) <= SKEW_MS) return
  throw new OssError(AUTH.skewed, {
    RequestTime: toXmlTime(time),
    ServerTime: toXmlTime(now),
  })
}
