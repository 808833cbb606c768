import { memoize } from '../memo'

const PLAIN_VALUE = /^[A-Za-z0-9\-_.~]*$/
const PLAIN_PATH = /^[A-Za-z0-9\-_.~/]*$/
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/
const NOT_PLAIN = /[^A-Za-z0-9\-_.~]+/g
const LEFT_BARE = /[!'()*]/g
const LONG_CHARACTERS = 128

/** Percent-encodes a query name or value: every byte except `A-Z a-z 0-9 - _ . ~` (OSS: signature V4, UriEncode). */
export function encodeValue(text: string): string {
  if (PLAIN_VALUE.test(text)) return text
  // Long strings are base64 with few characters to encode: replacing only those is faster than encoding the whole.
  return text.length > LONG_CHARACTERS ? text.replace(NOT_PLAIN, encodeWhole) : encodeWhole(text)
}

function encodeWhole(text: string): string {
  return encodeURIComponent(text).replace(LEFT_BARE, toPercent)
}

/** Does the same, cached, for long values that repeat from one URL to the next, such as a security token. */
export const encodeKept = memoize(encodeValue)

/** Percent-encodes an object key for a path: like `encodeValue`, but keeps `/`; throws a URIError for a `.` or `..` segment. */
export function encodePath(key: string): string {
  // HTTP clients resolve these segments (RFC 3986 section 5.2.4): one key would be signed and another requested.
  if (DOT_SEGMENT.test(key)) throw new URIError('A key must not contain "." or ".." as a segment')
  return PLAIN_PATH.test(key) ? key : encodeValue(key).replaceAll('%2F', '/')
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
