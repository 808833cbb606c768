import { decodeProtectedHeader } from 'jose/decode/protected_header'
import { JWKSMultipleMatchingKeys, JWSSignatureVerificationFailed } from 'jose/errors'
import { type JWTVerifyOptions, jwtVerify } from 'jose/jwt/verify'
import { findKey, type IssuerSettings, type KeyContext, refreshKeys } from './keys'

/** The maximum number of keys tried for a token without a key id; each costs a signature check. @internal */
export const MAX_TRIED_KEYS = 8

type Verified = Pick<Awaited<ReturnType<typeof jwtVerify>>, 'payload' | 'protectedHeader'>
type JwtContext = KeyContext & { issuer: IssuerSettings; options: JWTVerifyOptions }

/** Verifies the signature of a token with the keys of this issuer, then its claims; rejects with an error of jose. */
export async function verifyJwt(token: string, context: JwtContext): Promise<Verified> {
  try {
    return await tryKeys(token, context)
  } catch (error) {
    // Without a key id, a forged token looks like one that is signed with a new key.
    const mayBeNew = error instanceof JWSSignatureVerificationFailed && !hasKeyId(token)
    if (!mayBeNew || !(await refreshKeys(context.issuer, context))) throw error
    return tryKeys(token, context)
  }
}

function hasKeyId(token: string): boolean {
  return decodeProtectedHeader(token).kid !== undefined
}

async function tryKeys(token: string, context: JwtContext): Promise<Verified> {
  const { issuer, options } = context
  try {
    return await jwtVerify(token, (header) => findKey(header, issuer, context), options)
  } catch (error) {
    if (!(error instanceof JWKSMultipleMatchingKeys)) throw error
    return tryEach(token, error, options)
  }
}

async function tryEach(
  token: string,
  keys: JWKSMultipleMatchingKeys,
  options: JWTVerifyOptions,
): Promise<Verified> {
  let tried = 0
  for await (const key of keys) {
    try {
      return await jwtVerify(token, key, options)
    } catch (error) {
      // These errors are about the key, which is wrong or unusable; any other is about the token.
      const isKey = error instanceof JWSSignatureVerificationFailed || error instanceof TypeError
      if (!isKey) throw error
    }
    tried += 1
    if (tried === MAX_TRIED_KEYS) break
  }
  throw new JWSSignatureVerificationFailed()
}
