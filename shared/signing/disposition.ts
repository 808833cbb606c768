import { Refusal } from '../errors'
import { encodeValue } from './encode'

/** How a browser takes an object: in its window, or as a file. */
export type Disposition = 'inline' | 'attachment'

// C0, DEL and C1 controls, the bidirectional formatting characters, and half surrogate pairs.
const HARMFUL = /[\p{Cc}\p{Cs}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/u
const PLAIN = /[^A-Za-z0-9 ._()-]/gu

/** A Content-Disposition value with a file name in any script (RFC 6266, RFC 8187); a name that could deceive is refused. */
export function contentDisposition(type: Disposition, name?: string): string {
  if (name === undefined) return type
  if (name === '' || HARMFUL.test(name)) {
    const faults = [{ path: 'downloadName', message: 'holds control characters or is empty' }]
    throw new Refusal('request_malformed', {}, { faults })
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

/** Whether one of these patterns (`image/*`, `text/html`) lets a type in that browsers run. */
export function admitsExecutableType(patterns: readonly string[]): boolean {
  return patterns.some((pattern) => isExecutableType(pattern) || WIDE.has(pattern.toLowerCase()))
}

const WIDE = new Set(['*/*', 'text/*', 'application/*', 'image/*', 'model/*', 'multipart/*'])

// For an object that may be of any type, only its name says which harmless one to show it as.
const HARMLESS_TYPES: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  avif: 'image/avif',
  bmp: 'image/bmp',
  heic: 'image/heic',
  pdf: 'application/pdf',
  txt: 'text/plain',
  mp4: 'video/mp4',
  webm: 'video/webm',
  mp3: 'audio/mpeg',
}

/** What a download of this key asks for. */
export type DownloadOptions = {
  key: string
  as?: Disposition
  downloadName?: string
  /** What the rule lets be uploaded there. */
  contentTypes: readonly string[]
}

/**
 * The response overrides of a download (OSS: GetObject, response-*). Where the rule lets types in that browsers run, an
 * object is shown inline only under a harmless type that its extension names, and is otherwise a file.
 */
export function downloadOverrides(options: DownloadOptions): Record<string, string> {
  const { as, downloadName, contentTypes } = options
  const name = 'response-content-disposition'
  const mustBeSafe = as !== 'attachment' && admitsExecutableType(contentTypes)
  if (!mustBeSafe) {
    if (as === undefined && downloadName === undefined) return {}
    return { [name]: contentDisposition(as ?? 'attachment', downloadName) }
  }
  const type = harmlessTypeOf(options.key)
  if (type === undefined) return { [name]: contentDisposition('attachment', downloadName) }
  return {
    'response-content-type': type,
    [name]: contentDisposition('inline', downloadName),
  }
}

function harmlessTypeOf(key: string): string | undefined {
  const extension = /\.([A-Za-z0-9]+)$/.exec(key)?.[1]?.toLowerCase() ?? ''
  return Object.hasOwn(HARMLESS_TYPES, extension) ? HARMLESS_TYPES[extension] : undefined
}
