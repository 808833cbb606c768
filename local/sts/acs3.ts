import { createHash, createHmac } from 'node:crypto'
import type { Claim } from './claim'
import { StsError } from './errors'
import { type StsRequest, toCanonicalQuery } from './request'

const ALGORITHM = 'ACS3-HMAC-SHA256'
const ALWAYS_SIGNED = [
  'host',
  'x-acs-action',
  'x-acs-version',
  'x-acs-date',
  'x-acs-signature-nonce',
  'x-acs-content-sha256',
]

/**
 * Returns true if a request is signed by the V3 signature (Alibaba Cloud: V3 request structure and
 * signature).
 */
export function isAcs3({ headers }: StsRequest): boolean {
  return /^ACS3-/.test(headers.authorization ?? '')
}

/**
 * Reads the claim of a request signed by ACS3-HMAC-SHA256; throws a `StsError` if it is malformed.
 */
export function readAcs3(request: StsRequest): Claim {
  const { headers } = request
  const { accessKeyId, signedHeaders, signature } = parseAuthorization(headers.authorization ?? '')
  requireSigned(signedHeaders, headers)
  if (headers['x-acs-content-sha256'] !== sha256(request.body)) {
    throw new StsError('IncompleteSignature', 'x-acs-content-sha256 is not the hash of the body.')
  }
  const canonicalRequest = toCanonicalRequest(request, signedHeaders)
  const stringToSign = toStringToSign(canonicalRequest)
  return {
    date: headers['x-acs-date'] ?? '',
    nonce: headers['x-acs-signature-nonce'] ?? '',
    accessKeyId,
    securityToken: headers['x-acs-security-token'] || undefined,
    canonicalRequest,
    stringToSign,
    signature,
    sign: (secret) => signAcs3(secret, stringToSign),
  }
}

/**
 * Returns the canonical request of ACS3: method, path, query, headers, their names and the hash of
 * the body.
 * @internal
 */
export function toCanonicalRequest(
  request: Pick<StsRequest, 'method' | 'path' | 'query' | 'headers' | 'body'>,
  signedHeaders: readonly string[],
): string {
  const names = [...signedHeaders].sort()
  return [
    request.method,
    request.path,
    toCanonicalQuery(request.query),
    ...names.map((name) => `${name}:${(request.headers[name] ?? '').trim()}`),
    '',
    names.join(';'),
    sha256(request.body),
  ].join('\n')
}

/** Returns the string to sign: the name of the algorithm and the hash of the canonical request. @internal */
export function toStringToSign(canonicalRequest: string): string {
  return `${ALGORITHM}\n${sha256(canonicalRequest)}`
}

/** Returns the hex HMAC-SHA256 with the secret itself: ACS3 derives no key. @internal */
export function signAcs3(secret: string, stringToSign: string): string {
  return createHmac('sha256', secret).update(stringToSign).digest('hex')
}

function parseAuthorization(authorization: string) {
  const form =
    /^ACS3-HMAC-SHA256\s+Credential=([^,\s]+),\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})$/
  const [, accessKeyId, names, signature] = form.exec(authorization) ?? []
  if (!accessKeyId || !names || !signature) throw new StsError('IncompleteSignature')
  return { accessKeyId, signedHeaders: names.toLowerCase().split(';'), signature }
}

function requireSigned(signed: readonly string[], headers: StsRequest['headers']): void {
  const needed = ALWAYS_SIGNED.concat(
    headers['x-acs-security-token'] ? ['x-acs-security-token'] : [],
  )
  const missing = needed.find((name) => !signed.includes(name) || headers[name] === undefined)
  if (missing) throw new StsError('IncompleteSignature', `The header ${missing} must be signed.`)
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex')
}
