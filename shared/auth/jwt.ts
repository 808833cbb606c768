import { JWKSMultipleMatchingKeys, JWSSignatureVerificationFailed } from 'jose/errors'
import { compactVerify } from 'jose/jws/compact/verify'
import { findKey, type Header, type IssuerSettings, type KeyContext, refreshKeys } from './keys'

/** The most keys that a token without a key id is tried with: each costs a signature check. */
export const MAX_TRIED_KEYS = 8

type Verified = Pick<Awaited<ReturnType<typeof compactVerify>>, 'payload' | 'protectedHeader'>
type Context = KeyContext & { issuer: IssuerSettings }

/** Verifies a token's signature with the keys of this issuer (RFC 7515); what it claims is still to be checked. */
export async function verifySignature(token: string, context: Context): Promise<Verified> {
  const seen: { kid?: string | undefined } = {}
  try {
    return await tryKeys(token, context, seen)
  } catch (error) {
    // Without a key id, a forged token looks like one that is signed with a new key.
    const mayBeNew = error instanceof JWSSignatureVerificationFailed && seen.kid === undefined
    if (!mayBeNew || !(await refreshKeys(context.issuer, context))) throw error
    return tryKeys(token, context, seen)
  }
}

async function tryKeys(
  token: string,
  context: Context,
  seen: { kid?: string | undefined },
): Promise<Verified> {
  const { issuer } = context
  const options = { algorithms: [...issuer.algorithms] }
  const find = (header: Header) => {
    seen.kid = header.kid
    return findKey(header, issuer, context)
  }
  try {
    return await compactVerify(token, find, options)
  } catch (error) {
    if (!(error instanceof JWKSMultipleMatchingKeys)) throw error
    return tryEach(token, error, options)
  }
}

async function tryEach(
  token: string,
  keys: JWKSMultipleMatchingKeys,
  options: { algorithms: string[] },
): Promise<Verified> {
  let tried = 0
  for await (const key of keys) {
    try {
      return await compactVerify(token, key, options)
    } catch (error) {
      // Of the wrong key, or of one that can't be used; whatever else is wrong is wrong with the token.
      const isKey = error instanceof JWSSignatureVerificationFailed || error instanceof TypeError
      if (!isKey) throw error
    }
    tried += 1
    if (tried === MAX_TRIED_KEYS) break
  }
  throw new JWSSignatureVerificationFailed()
}
