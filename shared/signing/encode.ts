import { memoize } from '../memo'

const PLAIN_VALUE = /^[A-Za-z0-9\-_.~]*$/
const PLAIN_PATH = /^[A-Za-z0-9\-_.~/]*$/
const DOT_SEGMENT = /(?:^|\/)\.\.?(?:\/|$)/
const NOT_PLAIN = /[^A-Za-z0-9\-_.~]+/g
const LEFT_BARE = /[!'()*]/g
const LONG_CHARACTERS = 128

/** A query name or value as OSS writes it: every byte but `A-Z a-z 0-9 - _ . ~` in percent form (OSS: signature V4, UriEncode). */
export function encodeValue(text: string): string {
  if (PLAIN_VALUE.test(text)) return text
  // Long texts are base64, plain but for a sign or two: to look for those is faster than to encode the whole.
  return text.length > LONG_CHARACTERS ? text.replace(NOT_PLAIN, encodeWhole) : encodeWhole(text)
}

function encodeWhole(text: string): string {
  return encodeURIComponent(text).replace(LEFT_BARE, toPercent)
}

/** The same for what is long and stays as it is from one URL to the next, such as a security token. */
export const encodeKept = memoize(encodeValue)

/** An object key as OSS writes it in a path: like `encodeValue`, with `/` kept; throws where clients would shorten it. */
export function encodePath(key: string): string {
  // HTTP clients resolve these segments (RFC 3986 section 5.2.4), so that one key is signed and another requested.
  if (DOT_SEGMENT.test(key)) throw new URIError('A key must not have "." or ".." as a segment')
  return PLAIN_PATH.test(key) ? key : encodeValue(key).replaceAll('%2F', '/')
}

function toPercent(character: string): string {
  return `%${character.charCodeAt(0).toString(16).toUpperCase()}`
}
