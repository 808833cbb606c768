import { BUCKET, NOW, ROOT, toForm } from './cloud'
import {
  BODIES,
  CONDITIONS,
  HEADER_VALUES,
  HEADERS,
  KEYS,
  METHODS,
  NAMES,
  recipes,
  SIGNERS,
  VALUES,
} from './odd-values'
import { type Draft, formV1, formV4, type Signed } from './sign'

/** Reproducible random numbers. */
export type Random = {
  below: (limit: number) => number
  pick: <T>(list: readonly T[]) => T
  chance: (probability: number) => boolean
}

/** Creates a small generator (mulberry32). */
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

/** Returns the bytes of one unusual request: correctly signed, or damaged after signing. */
export function oddRequest(random: Random, uploadId: string): Buffer {
  const bytes = random.chance(0.25) ? oddForm(random) : oddOperation(random, uploadId)
  return random.chance(0.4) ? damage(bytes, random) : bytes
}

function oddOperation(random: Random, uploadId: string): Buffer {
  const recipe = random.pick(recipes(uploadId))
  const isPlain = random.chance(0.75)
  const draft: Draft = {
    method: isPlain ? recipe.method : random.pick(METHODS),
    bucket: random.chance(0.97) ? BUCKET : random.pick(['', 'no-such', 'Bad_Name', '..']),
    key: isPlain || random.chance(0.5) ? recipe.key : random.pick(KEYS),
    query: { ...recipe.query, ...pairs(random, NAMES, VALUES) },
    headers: { ...recipe.headers, ...pairs(random, HEADERS, HEADER_VALUES) },
  }
  const body = Buffer.from(random.chance(0.7) ? (recipe.body ?? 'hello') : random.pick(BODIES))
  try {
    return toBytes(random.pick(SIGNERS)(draft), body, random)
  } catch {
    // A lone surrogate cannot be encoded; sent unsigned.
    return toBytes({ method: 'GET', path: '/demo-bkt/%ff', headers: {} }, body, random)
  }
}

function oddForm(random: Random): Buffer {
  const fields: [string, string][] = [['key', random.pick(KEYS)]]
  for (const [name, value] of Object.entries(pairs(random, HEADERS, HEADER_VALUES)))
    fields.push([name, value])
  if (random.chance(0.3))
    fields.push(['callback', random.pick(VALUES)], ['x:a', random.pick(VALUES)])
  const count = random.pick([0, 0, 0, 1, 2])
  const conditions = [
    { bucket: BUCKET },
    ...Array.from({ length: count }, () => random.pick(CONDITIONS)),
  ]
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
  for (let left = random.pick([0, 0, 0, 1, 1, 2, 3]); left > 0; left -= 1)
    chosen[random.pick(names)] = random.pick(values)
  return chosen
}

function toBytes({ method, path, headers }: Signed, body: Buffer, random: Random): Buffer {
  const isChunked = random.chance(0.2)
  const length = `content-length: ${body.length}`
  const chunked = 'transfer-encoding: chunked'
  const framing = isChunked
    ? random.pick([[chunked], [chunked, length], [length, chunked]])
    : [length]
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const head = [
    `${method} ${path} HTTP/1.1`,
    'host: localhost',
    'connection: close',
    ...framing,
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

// Flips, removes, doubles and inserts bytes, usually a few.
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
