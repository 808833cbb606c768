import { createHash } from 'node:crypto'
import type { Readable } from 'node:stream'
import { OBJECT } from '../errors/object'
import { type ErrorKind, OssError } from '../errors/oss-error'
import type { Headers } from '../wire'
import { asRecord, parseXml } from '../xml'

const MAX_XML_BYTES = 4 * 1024 * 1024

/** Reads a small body into memory and checks its Content-MD5, if present. */
export async function readBody(
  body: Readable,
  headers: Headers,
  maxBytes = MAX_XML_BYTES,
): Promise<Buffer> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body.iterator({ destroyOnReturn: false })) {
    size += chunk.length
    if (size > maxBytes) throw new OssError(OBJECT.malformedXml)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  checkMd5(headers['content-md5'], () => createHash('md5').update(bytes).digest())
  return bytes
}

/** Reads an XML body and returns its root element, which must have the given name. */
export async function readXml(
  body: Readable,
  headers: Headers,
  root: string,
  malformed: ErrorKind,
): Promise<Readonly<Record<string, unknown>>> {
  const document = parseXml((await readBody(body, headers)).toString('utf8'))
  const content = document && asRecord(document[root])
  if (!content) throw new OssError(malformed)
  return content
}

/**
 * Returns the announced length of a request's body in bytes; 0 for a chunked body, whatever its
 * Content-Length.
 */
export function announcedLength(headers: Headers): number {
  if (headers['transfer-encoding'] !== undefined) return 0
  return Number(headers['content-length'] ?? 0)
}

/**
 * Throws an `OssError` if a Content-MD5 header is present and does not match the digest of the
 * body.
 */
export function checkMd5(header: string | undefined, digest: () => Buffer): void {
  if (header === undefined) return
  const actual = digest().toString('base64')
  if (header === actual) return
  throw new OssError(OBJECT.invalidDigest, { 'Content-MD5': header })
}
