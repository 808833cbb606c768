import { BUCKET, NOW, ROOT, toForm } from './cloud'
import { type Draft, formV1, formV4, headerV1, headerV4, type Signed, urlV1, urlV4 } from './sign'

/** Random numbers that a seed makes again. */
export type Random = {
  below: (limit: number) => number
  pick: <T>(list: readonly T[]) => T
  chance: (probability: number) => boolean
}

/** A small generator (mulberry32). */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (limit: number) => Math.floor(next() * limit)
  return {
    below,
    pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
    chance: (probability) => next() < probability,
  }
}

const METHODS = ['GET', 'PUT', 'POST', 'DELETE', 'HEAD', 'OPTIONS', 'PATCH', 'get', 'PROPFIND']
const KEYS = [
  'k',
  'a/b',
  '',
  '../../etc/passwd',
  '..',
  '.',
  '%00',
  '\0',
  '/abs',
  '\\win',
  'a//b',
  'é',
  '报告',
  '😀',
  '*',
  '?',
  'a?b#c',
  'con',
  '__proto__',
  'constructor',
  'k'.repeat(1023),
  'k'.repeat(1024),
  ' ',
  '\r\n',
  '\ufffe',
] as const
const NAMES = [
  'acl',
  'uploads',
  'uploadId',
  'partNumber',
  'append',
  'position',
  'cors',
  'delete',
  'tagging',
  'location',
  'bucketInfo',
  'objectMeta',
  'list-type',
  'prefix',
  'delimiter',
  'marker',
  'max-keys',
  'encoding-type',
  'continuation-token',
  'start-after',
  'max-parts',
  'part-number-marker',
  'max-uploads',
  'key-marker',
  'callback',
  'callback-var',
  'response-content-type',
  'x-oss-process',
  'versionId',
  'lifecycle',
  'symlink',
  '__proto__',
  'constructor',
  'toString',
  'Signature',
  'Expires',
  'OSSAccessKeyId',
  'x-oss-signature-version',
  'publicAccessBlock',
  'restore',
] as const
const VALUES = [
  '',
  '1',
  '0',
  '-1',
  'NaN',
  '10001',
  '99999999999999999999',
  'url',
  'yes',
  'true',
  'abc',
  '%',
  '%zz',
  '\0',
  'é',
  '/',
  '2',
  'e30=',
  'eyJjYWxsYmFja1VybCI6Imh0dHA6Ly8xMjcuMC4wLjE6MS8iLCJjYWxsYmFja0JvZHkiOiJhIn0=',
  '😀',
  'a'.repeat(3000),
  '../..',
  '[object Object]',
  '1e9',
  ' 1',
  '0x10',
] as const
const HEADERS = [
  'content-md5',
  'content-type',
  'range',
  'if-match',
  'if-modified-since',
  'x-oss-meta-a',
  'x-oss-object-acl',
  'x-oss-acl',
  'x-oss-tagging',
  'x-oss-storage-class',
  'x-oss-callback',
  'x-oss-callback-var',
  'x-oss-copy-source',
  'x-oss-copy-source-range',
  'x-oss-metadata-directive',
  'x-oss-complete-all',
  'x-oss-forbid-overwrite',
  'x-oss-range-behavior',
  'origin',
  'access-control-request-method',
  'expires',
  'cache-control',
  'x-oss-security-token',
  'transfer-encoding',
  'content-encoding',
  'x-oss-traffic-limit',
] as const
const HEADER_VALUES = [
  ...VALUES.filter((value) => !/[\0é😀]/u.test(value)),
  'bytes=0-1',
  'bytes=5-',
  'bytes=-',
  '/demo-bkt/k',
  'private',
  'public-read',
  'a=b',
  'a=b&a=c',
  'REPLACE',
  'chunked',
  'standard',
  '*',
  '"x"',
  'a/b; c=d',
] as const
const BODIES = [
  '',
  'hello',
  'x'.repeat(5000),
  '<a',
  '<Delete><Object><Key>k</Key></Object></Delete>',
  '<CompleteMultipartUpload><Part><PartNumber>1</PartNumber><ETag>"A"</ETag></Part></CompleteMultipartUpload>',
  '<CORSConfiguration><CORSRule><AllowedOrigin>*</AllowedOrigin><AllowedMethod>GET</AllowedMethod></CORSRule></CORSConfiguration>',
  '<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>',
  '<!DOCTYPE a [<!ENTITY b "c">]><Tagging>&b;</Tagging>',
  '<Delete>'.repeat(500),
  '\0\0\0',
  '{"a":1}',
  '<Delete><Object><Key>&#x0;&#55296;&lt;</Key></Object></Delete>',
  '<__proto__><a/></__proto__>',
] as const
const SIGNERS = [
  (draft: Draft) => headerV4(draft, ROOT, NOW),
  (draft: Draft) => urlV4(draft, ROOT, { now: NOW }),
  (draft: Draft) => headerV1(draft, ROOT, NOW),
  (draft: Draft) => urlV1(draft, ROOT, NOW / 1000 + 60),
] as const
const CONDITIONS = [
  { bucket: BUCKET },
  ['eq', '$key', 'k'],
  ['starts-with', '$key', ''],
  ['content-length-range', 0, 9],
  [],
  {},
  ['in', '$key', ['k']],
  null,
  1,
  ['not-in', '$key', 'x'],
  { a: 'b', c: 'd' },
  ['eq', '$__proto__', 'x'],
] as const

/** The bytes of one odd request: well signed and strange, or broken after it was signed. */
export function oddRequest(random: Random): Buffer {
  const bytes = random.chance(0.3) ? oddForm(random) : oddOperation(random)
  return random.chance(0.4) ? damage(bytes, random) : bytes
}

function oddOperation(random: Random): Buffer {
  const draft: Draft = {
    method: random.chance(0.1) ? random.pick(METHODS) : random.pick(METHODS.slice(0, 5)),
    bucket: random.chance(0.95) ? BUCKET : random.pick(['', 'no-such', 'Bad_Name', '..']),
    key: random.pick(KEYS),
    query: pairs(random, NAMES, VALUES),
    headers: pairs(random, HEADERS, HEADER_VALUES),
  }
  const body = Buffer.from(random.pick(BODIES))
  try {
    return toBytes(random.pick(SIGNERS)(draft), body, random)
  } catch {
    // A lone surrogate can't be encoded; send it unsigned.
    return toBytes({ method: 'GET', path: '/demo-bkt/%ff', headers: {} }, body, random)
  }
}

function oddForm(random: Random): Buffer {
  const fields: [string, string][] = [['key', random.pick(KEYS)]]
  for (const [name, value] of Object.entries(pairs(random, HEADERS, HEADER_VALUES)))
    fields.push([name, value])
  if (random.chance(0.3))
    fields.push(['callback', random.pick(VALUES)], ['x:a', random.pick(VALUES)])
  const count = random.below(4)
  const conditions = Array.from({ length: count }, () => random.pick(CONDITIONS))
  const signed = random.pick([formV4, formV1])({ fields, conditions }, ROOT, NOW)
  const file = random.chance(0.9)
    ? {
        content: random.pick(BODIES),
        filename: random.pick(['f', '', '../x', 'a\\b']),
        type: 'a/b',
      }
    : undefined
  const { contentType, body } = toForm(signed, file)
  const headers = { 'content-type': random.chance(0.9) ? contentType : random.pick(HEADER_VALUES) }
  return toBytes({ method: 'POST', path: `/${BUCKET}/`, headers }, body, random)
}

function pairs(
  random: Random,
  names: readonly string[],
  values: readonly string[],
): Record<string, string> {
  const chosen: Record<string, string> = Object.create(null)
  for (let left = random.below(4); left > 0; left -= 1)
    chosen[random.pick(names)] = random.pick(values)
  return chosen
}

function toBytes({ method, path, headers }: Signed, body: Buffer, random: Random): Buffer {
  const isChunked = random.chance(0.2)
  const length = isChunked ? 'transfer-encoding: chunked' : `content-length: ${body.length}`
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    length,
    ...lines,
  ]
  const sent = isChunked ? toChunks(body, random) : body
  return Buffer.concat([Buffer.from(`${head.join('\r\n')}\r\n\r\n`), sent])
}

function toChunks(body: Buffer, random: Random): Buffer {
  const at = random.below(body.length + 1)
  const chunk = (bytes: Buffer) =>
    bytes.length === 0 ? '' : `${bytes.length.toString(16)}\r\n${bytes.toString('latin1')}\r\n`
  return Buffer.from(`${chunk(body.subarray(0, at))}${chunk(body.subarray(at))}0\r\n\r\n`, 'latin1')
}

// Flips, cuts, doubles and inserts bytes, mostly a few.
function damage(bytes: Buffer, random: Random): Buffer {
  let damaged = Buffer.from(bytes)
  for (let left = 1 + random.below(4); left > 0 && damaged.length > 0; left -= 1) {
    const at = random.below(damaged.length)
    const kind = random.below(5)
    if (kind === 0) damaged[at] = random.below(256)
    if (kind === 1) damaged = damaged.subarray(0, at)
    if (kind === 2)
      damaged = Buffer.concat([damaged.subarray(0, at), damaged.subarray(at + random.below(20))])
    if (kind === 3)
      damaged = Buffer.concat([
        damaged.subarray(0, at),
        Buffer.from(random.pick(TOKENS)),
        damaged.subarray(at),
      ])
    if (kind === 4) damaged[at] = (damaged[at] ?? 0) ^ (1 << random.below(8))
  }
  return damaged
}

const TOKENS = [
  '\r\n',
  '\r\n\r\n',
  '--',
  '%',
  '\0',
  '<',
  '&',
  '"',
  '{',
  '=',
  ';',
  'x-oss-date: 1\r\n',
  '\xff',
  '../',
] as const
