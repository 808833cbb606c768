import type { Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { OssError } from '../errors/oss-error'
import type { Headers, Signable } from '../wire'
import { parseCredential } from './credential'
import { checkSkew } from './header-v1'
import { type Authority, prove } from './identity'
import { parseBasicDate, parseHttpDate, toBasicDate } from './time'
import { canonicalRequestV4, isAlwaysSigned, signV4, stringToSignV4, UNSIGNED_PAYLOAD } from './v4'

const ERRORS = {
  shape: AUTH.headerTerminatorV4,
  keyId: AUTH.headerKeyIdV4,
  day: AUTH.headerDayV4,
  region: AUTH.headerRegionV4,
  product: AUTH.productV4,
  terminator: AUTH.headerTerminatorV4,
}
const KEYS = ['Credential', 'AdditionalHeaders', 'Signature']

/** Verifies `Authorization: OSS4-HMAC-SHA256 Credential=…,Signature=…`. */
export function verifyHeaderV4(request: Signable, authority: Authority): Principal {
  const parts = parse(request.headers.authorization ?? '')
  const { accessKeyId, scope } = parseCredential(parts.credential, authority.region, ERRORS)
  const additional = readAdditional(parts.additional, request.headers)
  checkPayload(request.headers)
  const { text, time } = readDate(request.headers)
  checkSkew(time, authority.now)
  if (!toBasicDate(time).startsWith(scope.day)) throw new OssError(AUTH.headerDayV4)
  const canonicalRequest = canonicalRequestV4(request, additional)
  const stringToSign = stringToSignV4(text, scope, canonicalRequest)
  return prove(
    {
      accessKeyId,
      securityToken: request.headers['x-oss-security-token'],
      signature: parts.signature,
      stringToSign,
      sign: (secret) => signV4(secret, scope, stringToSign),
      mismatch: AUTH.mismatchV4,
      details: { CanonicalRequest: canonicalRequest },
    },
    authority,
  )
}

/** Parses the additional header names: lower-case, unique, sorted, each present in the request. */
export function readAdditional(text: string | undefined, headers: Headers): string[] {
  if (text === undefined) return []
  if (text === '') throw new OssError(AUTH.additionalEmpty)
  const names = text.split(';').map((name) => name.trim().toLowerCase())
  if (names.includes('')) throw new OssError(AUTH.additionalItemEmpty)
  const absent = names.find((name) => name.includes('_') || headers[name] === undefined)
  if (absent !== undefined) throw new OssError(AUTH.additionalAbsent, { Header: absent })
  return [...new Set(names)].filter((name) => !isAlwaysSigned(name)).sort()
}

/**
 * Throws an `OssError` if a request has another payload hash than `UNSIGNED-PAYLOAD`: V4 signs no
 * body.
 */
export function checkPayload(headers: Headers): void {
  const payload = headers['x-oss-content-sha256'] ?? UNSIGNED_PAYLOAD
  if (payload !== UNSIGNED_PAYLOAD) throw new OssError(AUTH.contentSha256)
}

function parse(authorization: string) {
  const values = new Map<string, string>()
  for (const pair of authorization.slice(authorization.indexOf(' ') + 1).split(',')) {
    const [, key, value] = /^\s*([^=]*)=(.*?)\s*$/.exec(pair) ?? []
    if (key === undefined || value === undefined) throw new OssError(AUTH.headerEqualSignV4)
    if (!KEYS.includes(key)) throw new OssError(AUTH.headerKeyUnknownV4)
    if (values.has(key)) throw new OssError(AUTH.headerPairsV4)
    values.set(key, value)
  }
  const [credential, signature] = [values.get('Credential'), values.get('Signature')]
  if (credential === undefined) throw new OssError(AUTH.headerCredentialMissingV4)
  if (signature === undefined) throw new OssError(AUTH.headerSignatureMissingV4)
  if (signature === '') throw new OssError(AUTH.headerSignatureEmptyV4)
  return { credential, signature, additional: values.get('AdditionalHeaders') }
}

// Both are signed as the client wrote them. `Date` is the documented fallback, and an HTTP date.
function readDate(headers: Headers): { text: string; time: number } {
  const text = headers['x-oss-date'] ?? headers.date
  if (text === undefined) throw new OssError(AUTH.dateMissing)
  const basic = parseBasicDate(text)
  const isDate = headers['x-oss-date'] === undefined
  const time = basic ?? (isDate ? parseHttpDate(text) : undefined)
  if (time === undefined) throw new OssError(AUTH.dateInvalid)
  return { text, time }
}
