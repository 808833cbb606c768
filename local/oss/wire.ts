import type { IncomingMessage } from 'node:http'
import { encodePath } from './encode'
import { OBJECT } from './errors/object'
import { OssError } from './errors/oss-error'

/**
 * Query parameters in the order sent, names and values decoded; `''` for a parameter without a
 * value.
 */
export type Query = readonly (readonly [name: string, value: string])[]

/** Header values by lower-case name; repeated headers are joined with a comma. */
export type Headers = Readonly<Record<string, string>>

/** The parts of a request that signatures cover; `''` for no bucket or no key. */
export type Signable = {
  method: string
  bucket: string
  key: string
  query: Query
  headers: Headers
}

/** A request to OSS with its target parsed, not yet authenticated. */
export type OssRequest = Signable & {
  /** The `Host` header as sent. */
  host: string
  /** The bucket is in the path, not in the host. */
  isPathStyle: boolean
  /** The host is a public endpoint of OSS: neither a custom domain nor an internal endpoint. */
  isPublicEndpoint: boolean
  clientIp: string
  requestId: string
}

/** The mapping of hosts to buckets. */
export type Naming = { region: string; cnames: Readonly<Record<string, string>> }

// Control characters, except the tab: they are not allowed in headers (RFC 9110, 5.5), and Node
// does not send them.
const NOT_IN_HEADERS = /[^\t -~\x80-\uffff]/g
const BUCKET = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/
const SERVICE_HOST = /^(?:localhost|oss\.localhost|oss-[a-z0-9-]+\.aliyuncs\.com)$/
const BUCKET_HOST =
  /^([a-z0-9-]+)\.(?:localhost|oss\.localhost|(oss-[a-z0-9-]+)\.aliyuncs\.com|([a-z0-9-]+)\.oss\.aliyuncs\.com)$/
const INTERNAL_HOST = /-internal\.aliyuncs\.com(?::\d*)?$/i
const ANY_REGION = new Set(['oss-accelerate', 'oss-accelerate-overseas'])
const MAX_KEY_BYTES = 1023

/**
 * Parses the target and the headers of a request; throws an `OssError` for an invalid URI, bucket
 * name or key.
 */
export function parseRequest(
  message: IncomingMessage,
  naming: Naming,
  requestId: string,
): OssRequest {
  const headers = readHeaders(message.rawHeaders)
  const host = headers.host ?? ''
  const { path, search } = splitTarget(message.url ?? '/')
  return {
    method: message.method ?? 'GET',
    ...locate(decodePath(path), host, naming),
    isPublicEndpoint: cnameOf(host, naming) === undefined && !INTERNAL_HOST.test(host),
    query: parseQuery(search),
    headers,
    host,
    clientIp: message.socket.remoteAddress?.replace(/^::ffff:/, '') ?? '',
    requestId,
  }
}

/** Returns the first value of a query parameter, as OSS does for repeated ones. */
export function firstValue(query: Query, name: string): string | undefined {
  return query.find(([candidate]) => candidate === name)?.[1]
}

/** Returns true if a string can be a header value in UTF-8. */
export function isHeaderValue(text: string): boolean {
  return text.search(NOT_IN_HEADERS) < 0
}

/** Returns a string as a header value, with a space for each character that headers cannot have. */
export function toHeaderValue(text: string): string {
  return text.replace(NOT_IN_HEADERS, ' ')
}

/** Decodes a raw query string; a `+` is a space. */
function parseQuery(search: string): Query {
  if (search === '') return []
  return search
    .split('&')
    .filter((item) => item !== '')
    .map((item) => {
      const at = item.indexOf('=')
      return at < 0
        ? [decodeText(item), '']
        : [decodeText(item.slice(0, at)), decodeText(item.slice(at + 1))]
    })
}

/** Returns true if a name follows OSS's bucket naming rules. */
export function isBucketName(name: string): boolean {
  return BUCKET.test(name)
}

function splitTarget(target: string): { path: string; search: string } {
  const origin = /^https?:\/\/[^/?#]*/i.exec(target)?.[0] ?? ''
  const [beforeHash = ''] = target.slice(origin.length).split('#')
  const at = beforeHash.indexOf('?')
  if (at < 0) return { path: beforeHash || '/', search: '' }
  return { path: beforeHash.slice(0, at) || '/', search: beforeHash.slice(at + 1) }
}

function decodePath(path: string): string {
  if (path === '*') return '/'
  if (!path.startsWith('/')) throw new OssError(OBJECT.badUri)
  return decodeText(path)
}

/** Percent-decodes a UTF-8 string; a `+` is a space. Throws an `OssError` for invalid input. */
export function decodeText(raw: string): string {
  const spaced = raw.replaceAll('+', ' ')
  if (!spaced.includes('%')) return fromLatin1(spaced)
  if (/%(?![0-9a-fA-F]{2})/.test(spaced)) throw new OssError(OBJECT.badUri)
  return fromLatin1(
    spaced.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
      String.fromCharCode(Number.parseInt(hex, 16)),
    ),
  )
}

function fromLatin1(text: string): string {
  const decoded = Buffer.from(text, 'latin1').toString('utf8')
  if (Buffer.from(decoded, 'utf8').equals(Buffer.from(text, 'latin1'))) return decoded
  throw new OssError(OBJECT.badUri)
}

// Node decodes header bytes as Latin-1; signatures cover their UTF-8 decoding.
function readHeaders(raw: readonly string[]): Headers {
  const headers: Record<string, string> = Object.create(null)
  for (let i = 0; i + 1 < raw.length; i += 2) {
    const name = (raw[i] ?? '').toLowerCase()
    const value = headerText(raw[i + 1] ?? '')
    headers[name] = headers[name] === undefined ? value : `${headers[name]},${value}`
  }
  return headers
}

function headerText(raw: string): string {
  const bytes = Buffer.from(raw, 'latin1')
  const decoded = bytes.toString('utf8')
  return Buffer.from(decoded, 'utf8').equals(bytes) ? decoded : raw
}

function locate(
  path: string,
  host: string,
  naming: Naming,
): Pick<OssRequest, 'bucket' | 'key' | 'isPathStyle'> {
  const fromHost = bucketOfHost(host, naming)
  const rest = path.slice(1)
  if (fromHost !== '') {
    return { bucket: checkBucket(fromHost), key: checkKey(rest), isPathStyle: false }
  }
  if (rest === '') return { bucket: '', key: '', isPathStyle: true }
  const [bucket = '', ...segments] = rest.split('/')
  return { bucket: checkBucket(bucket), key: checkKey(segments.join('/')), isPathStyle: true }
}

/** Returns the URL of an object at the host that received the request. */
export function objectUrl({ host, bucket, isPathStyle }: OssRequest, key: string): string {
  return `http://${host}/${encodePath(isPathStyle ? `${bucket}/${key}` : key)}`
}

function bucketOfHost(host: string, naming: Naming): string {
  const name = host.toLowerCase().replace(/:\d*$/, '')
  const bucket = cnameOf(host, naming)
  if (bucket !== undefined) return bucket
  if (SERVICE_HOST.test(name)) return ''
  return BUCKET_HOST.exec(name)?.[1] ?? ''
}

// The bucket of a custom domain.
function cnameOf(host: string, { cnames }: Naming): string | undefined {
  const name = host.toLowerCase().replace(/:\d*$/, '')
  const known = [host.toLowerCase(), name].find((cname) => Object.hasOwn(cnames, cname))
  return known === undefined ? undefined : cnames[known]
}

/** Returns the region in a host name, or `undefined`. */
export function regionOfHost(host: string): string | undefined {
  const name = host.toLowerCase().replace(/:\d*$/, '')
  const match = /(?:^|\.)oss-([a-z0-9-]+?)(?:-internal)?\.aliyuncs\.com$/.exec(name)
  const dualStack = /(?:^|\.)([a-z0-9-]+)\.oss\.aliyuncs\.com$/.exec(name)
  const region = match?.[1] ?? dualStack?.[1]
  return region === undefined || ANY_REGION.has(`oss-${region}`) ? undefined : region
}

function checkBucket(bucket: string): string {
  if (isBucketName(bucket)) return bucket
  throw new OssError(OBJECT.bucketName, { BucketName: bucket })
}

/**
 * Returns the object key if it is valid, or throws an `OssError`; `''` stands for the bucket
 * itself.
 */
export function checkKey(key: string): string {
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) throw new OssError(OBJECT.objectNameLength)
  if (key.startsWith('/') || key.startsWith('\\')) {
    throw new OssError(OBJECT.objectName, { ObjectName: key })
  }
  return key
}
