const UNRESERVED = /^[A-Za-z0-9\-_.~]+$/

/**
 * Returns the UTF-8 bytes of a string percent-encoded, all but `A-Z a-z 0-9 - _ . ~` (RFC 3986
 * section 2.3).
 */
export function encodeStrict(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** Percent-encodes a path like `encodeStrict`, but keeps its slashes. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeStrict).join('/')
}

/** Decodes standard, padded base64 without whitespace; returns `undefined` for anything else. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return Buffer.from(text, 'base64')
}
