const UNRESERVED = /^[A-Za-z0-9\-_.~]+$/

/** Percent-encodes every byte but `A-Z a-z 0-9 - _ . ~` (RFC 3986 section 2.3). */
export function encodeStrict(text: string): string {
  if (UNRESERVED.test(text)) return text
  return encodeURIComponent(Buffer.from(text).toString()).replace(
    /[!'()*]/g,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

/** The same for a path: slashes stay. */
export function encodePath(path: string): string {
  return path.split('/').map(encodeStrict).join('/')
}

/** Decodes standard, padded base64 without blanks, or `undefined`. */
export function decodeBase64(text: string): Buffer | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined
  return Buffer.from(text, 'base64')
}
