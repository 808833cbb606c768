import { timingSafeEqual } from 'node:crypto'
import { memoize } from '../memo'
import { toBase64 } from '../signing/base64'
import { type HmacKey, hmac, hmacKey, sha256Hex } from '../signing/hash'
import { parseJson } from '../text'

/** One purpose of signed texts: its own header, and keys of its own derived from the shared secrets. */
export type JwsKind = { header: string; keyOf: (secret: string) => HmacKey; maxCharacters: number }

const AUDIENCE_CHARACTERS = 22

/** Defines a purpose; another `type` or `purpose` never verifies what this one signed. */
export function defineJws(input: {
  type: string
  purpose: string
  maxCharacters: number
}): JwsKind {
  const { type, purpose, maxCharacters } = input
  return {
    // The one header we write is the one we accept, byte for byte, so no algorithm is ever read from a text.
    header: Buffer.from(`{"alg":"HS256","typ":"${type}"}`).toString('base64url'),
    keyOf: memoize((secret: string) =>
      hmacKey('sha256', Buffer.from(hmac(hmacKey('sha256', secret), purpose, 'hex'), 'hex')),
    ),
    maxCharacters,
  }
}

/** Signs a payload with a key of the first secret, as a compact JWS (RFC 7515, HS256); `undefined` where it is too long. */
export function signJws(
  { header, keyOf, maxCharacters }: JwsKind,
  payload: object,
  [secret]: readonly string[],
): string | undefined {
  if (!secret) throw new Error('No ticket secret is set')
  const text = `${header}.${toBase64(JSON.stringify(payload), 'base64url')}`
  const signed = `${text}.${hmac(keyOf(secret), text, 'base64url')}`
  return signed.length <= maxCharacters ? signed : undefined
}

/** Returns the payload of a text that one of the secrets signed for this purpose; `undefined` for any other text. */
export function readJws(
  { header, keyOf, maxCharacters }: JwsKind,
  text: string,
  secrets: readonly string[],
): unknown {
  if (text.length > maxCharacters) return undefined
  const [given, payload, signature, ...rest] = text.split('.')
  if (given !== header || !payload || !signature || rest.length > 0) return undefined
  const bytes = Buffer.from(signature)
  const isSignedBy = (secret: string) =>
    isEqual(bytes, Buffer.from(hmac(keyOf(secret), `${header}.${payload}`, 'base64url')))
  if (!secrets.some(isSignedBy)) return undefined
  return parseJson(Buffer.from(payload, 'base64url').toString())
}

function isEqual(left: Buffer, right: Buffer): boolean {
  return left.length === right.length && timingSafeEqual(left, right)
}

/** Returns the name of a deployment in its tickets: a digest, since all of a ticket must fit a callback's variables. */
export const toAudience = memoize((url: string) =>
  Buffer.from(sha256Hex(url), 'hex').toString('base64url').slice(0, AUDIENCE_CHARACTERS),
)
