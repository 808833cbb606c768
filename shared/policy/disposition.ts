import { encodeValue } from '../signing/encode'

/** The way in which a browser presents an object: in its window, or as a file. */
export type Disposition = 'inline' | 'attachment'

const PLAIN = /[^A-Za-z0-9 ._()-]/gu

/** Returns a Content-Disposition value for a normalised file name in any script (RFC 6266, RFC 8187). */
export function contentDisposition(type: Disposition, name: string): string {
  // Old clients read only the quoted form, which is limited to ASCII and has no safe escape.
  const fallback = name.replace(PLAIN, '_')
  const quoted = `${type}; filename="${fallback}"`
  return fallback === name ? quoted : `${quoted}; filename*=UTF-8''${encodeValue(name)}`
}
