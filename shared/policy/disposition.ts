import { Refusal } from '../errors'
import { encodeValue } from '../signing/encode'

/** How a browser takes an object: in its window, or as a file. */
export type Disposition = 'inline' | 'attachment'

// C0, DEL and C1 controls, the bidirectional formatting characters, and half surrogate pairs.
const HARMFUL = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const PLAIN = /[^A-Za-z0-9 ._()-]/gu

/** A Content-Disposition value with a file name in any script (RFC 6266, RFC 8187); a name that could deceive is refused. */
export function contentDisposition(type: Disposition, name?: string): string {
  if (name === undefined) return type
  if (name === '' || HARMFUL.test(name)) {
    const issues = [{ path: 'downloadName', message: 'holds control characters or is empty' }]
    throw new Refusal('request_malformed', {}, { issues })
  }
  // Old clients read the quoted form, which knows no other script and no safe way to escape.
  const fallback = name.replace(PLAIN, '_')
  const quoted = `${type}; filename="${fallback}"`
  return fallback === name ? quoted : `${quoted}; filename*=UTF-8''${encodeValue(name)}`
}

// What a browser runs as a page or a script of its origin, whatever stands before the slash.
const EXECUTABLE = /\/(?:html|x?-?shtml|.*xml|.*(?:java|ecma|live|j)script|x-mixed-replace)$/

/** Whether browsers run code from this media type: HTML, SVG and other XML, JavaScript. */
export function isExecutableType(contentType: string): boolean {
  return EXECUTABLE.test(contentType.replace(/;.*/s, '').trim().toLowerCase())
}

/** Whether one of these patterns (`video/*`, `text/html`) lets a type in that browsers run. */
export function admitsExecutableType(patterns: readonly string[]): boolean {
  // Every `type/*` lets `type/x+xml` in.
  return patterns.some((pattern) => pattern.endsWith('/*') || isExecutableType(pattern))
}

/** What a download asks for. */
export type DownloadOptions = {
  as?: Disposition
  downloadName?: string
  /** What the rule lets be uploaded there. */
  contentTypes: readonly string[]
}

/**
 * The response overrides of a download (OSS: GetObject, response-*). Where the rule lets types in that browsers run, the
 * object is always a file: OSS lets no GET say that it is of another type (EC 0017-00000902).
 */
export function downloadOverrides(options: DownloadOptions): Record<string, string> {
  const { as, downloadName, contentTypes } = options
  const isRisky = admitsExecutableType(contentTypes)
  if (!isRisky && as === undefined && downloadName === undefined) return {}
  const type = isRisky ? 'attachment' : (as ?? 'attachment')
  return { 'response-content-disposition': contentDisposition(type, downloadName) }
}
