import type { Principal } from '../../ram/types'
import { AUTH } from '../errors/auth'
import { OssError } from '../errors/oss-error'
import { firstValue, type Query, type Signable } from '../wire'
import { verifyHeaderV1 } from './header-v1'
import { verifyHeaderV4 } from './header-v4'
import type { Authority } from './identity'
import { verifyUrlV1 } from './url-v1'
import { verifyUrlV4 } from './url-v4'
import { V4 } from './v4'

type Scheme = 'headerV1' | 'headerV4' | 'urlV1' | 'urlV4'

const VERIFIERS = {
  headerV1: verifyHeaderV1,
  headerV4: verifyHeaderV4,
  urlV1: verifyUrlV1,
  urlV4: verifyUrlV4,
} as const satisfies Record<Scheme, (request: Signable, authority: Authority) => Principal>

const V1 = 'OSS '
const TOKEN_PARAMETERS = ['security-token', 'x-oss-security-token']

/**
 * Returns the signer of a request, `undefined` if it is unsigned; throws an `OssError` for an
 * invalid signature.
 */
export function authenticate(request: Signable, authority: Authority): Principal | undefined {
  const inHeader = schemeOfHeader(request)
  const inUrl = schemeOfUrl(request)
  if (inHeader && inUrl) throw new OssError(AUTH.twoSignatures)
  if (inHeader && hasTwoTokens(request)) throw new OssError(AUTH.twoTokens)
  const scheme = inHeader ?? inUrl
  if (!scheme) return undefined
  if (authority.v1Refused && scheme.endsWith('V1')) throw new OssError(AUTH.v1Refused)
  return VERIFIERS[scheme](request, authority)
}

/** Returns true if a request is signed by V1, in its header or its URL. */
export function isV1({ headers, query }: Signable): boolean {
  return headers.authorization?.startsWith(V1) === true || hasV1Parameters(query)
}

function hasTwoTokens({ headers, query }: Signable): boolean {
  const isInUrl = query.some(([name]) => TOKEN_PARAMETERS.includes(name))
  return isInUrl && headers['x-oss-security-token'] !== undefined
}

function schemeOfHeader({ headers }: Signable): Scheme | undefined {
  const { authorization } = headers
  if (authorization === undefined) return undefined
  if (authorization.trim() === '') throw new OssError(AUTH.emptyAuthorization)
  if (authorization.startsWith(`${V4} `)) return 'headerV4'
  if (authorization.startsWith(V1)) return 'headerV1'
  throw new OssError(AUTH.schemeUnknown)
}

function schemeOfUrl({ query }: Signable): Scheme | undefined {
  const version = firstValue(query, 'x-oss-signature-version')
  if (version === V4) return 'urlV4'
  if (version !== undefined) throw new OssError(AUTH.versionUnknown)
  return hasV1Parameters(query) ? 'urlV1' : undefined
}

function hasV1Parameters(query: Query): boolean {
  return query.some(([name]) => name === 'OSSAccessKeyId' || name === 'Signature')
}
