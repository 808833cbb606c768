import { encodeValue } from './encode'

/**
 * A Content-Disposition that names a download in any script (RFC 6266 section 4.3): an ASCII name
 * for old clients and the whole name in the extended notation of RFC 8187. Nothing in the name can
 * end its quotes or start another parameter.
 */
export function contentDisposition(kind: 'inline' | 'attachment', name: string): string {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/gu, '_')
  if (plain === name) return `${kind}; filename="${name}"`
  return `${kind}; filename="${plain}"; filename*=UTF-8''${encodeValue(name)}`
}
