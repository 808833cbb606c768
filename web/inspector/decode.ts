/** What a text hides from sight. */
export const MASK = '…'

const SECRETS: readonly string[] = [
  'authorization',
  'signature',
  'x-oss-signature',
  'security-token',
  'x-oss-security-token',
]
const JWS = /(eyJ[\w-]{0,12})[\w-]*\.([\w-]{1,12})[\w-]*\.[\w-]+/g

/** Returns a value as it may be shown: without signatures and tokens. */
export function maskValue(name: string, value: string): string {
  const bare = name.replace(/^\$/, '').toLowerCase()
  return SECRETS.includes(bare) ? MASK : maskText(value)
}

/** Returns a text in which tickets and the tokens of users are cut short: their signatures are secrets. */
export function maskText(text: string): string {
  return text.replace(JWS, `$1${MASK}.$2${MASK}.${MASK}`)
}

/** Returns the beginning of a long text. */
export function shorten(text: string, most: number): string {
  return text.length > most ? `${text.slice(0, most)}${MASK}` : text
}

/** Returns the text in base64 or base64url; `undefined` for anything else. */
function fromBase64(encoded: string): string | undefined {
  try {
    const binary = atob(encoded.replaceAll('-', '+').replaceAll('_', '/'))
    const bytes = Uint8Array.from(binary, (character) => character.charCodeAt(0))
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    // Not base64, or not of text.
    return undefined
  }
}

/** Returns the JSON in a text; `undefined` for anything else. */
export function fromJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? '')
  } catch {
    // Not JSON, so there is nothing to show of it.
    return undefined
  }
}

/** Returns the JSON object in base64; `undefined` for anything else. */
export function fromBase64Json(encoded: string): Record<string, unknown> | undefined {
  return toRecord(fromJson(fromBase64(encoded)))
}

/** Returns the claims of a ticket or a token, without its signature; `undefined` for anything else. */
export function claimsOf(jws: string): Record<string, unknown> | undefined {
  const [, payload = '', signature] = jws.split('.')
  return signature === undefined ? undefined : fromBase64Json(payload)
}

/** Returns a plain object as it is; `undefined` for anything else. */
export function toRecord(value: unknown): Record<string, unknown> | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isRecord ? (value as Record<string, unknown>) : undefined
}
