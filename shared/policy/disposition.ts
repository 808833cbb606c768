import { encodeValue } from '../signing/encode'

/** How a browser takes an object: in its window, or as a file. */
export type Disposition = 'inline' | 'attachment'

const PLAIN = /[^A-Za-z0-9 ._()-]/gu

/** A Content-Disposition value with a normalised file name in any script (RFC 6266, RFC 8187). */
export function contentDisposition(type: Disposition, name: string): string {
  // Old clients read the quoted form, which knows no other script and no safe way to escape.
  const fallback = name.replace(PLAIN, '_')
  const quoted = `${type}; filename="${fallback}"`
  return fallback === name ? quoted : `${quoted}; filename*=UTF-8''${encodeValue(name)}`
}
