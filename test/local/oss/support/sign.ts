import { createHash, createHmac } from 'node:crypto'

/** The credentials that sign a request in a test. */
export type Signer = { id: string; secret: string; token?: string }

/** A request to sign; the path is derived from bucket and key. */
export type Draft = {
  method: string
  bucket: string
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
}

/** A signed request: a path with its query, and all headers. */
export type Signed = { method: string; path: string; headers: Record<string, string> }

const REGION = 'cn-hangzhou'

/** Returns Unix ms as `YYYYMMDDTHHMMSSZ`. */
export function basicDate(now: number): string {
  return new Date(now).toISOString().replace(/[-:]|\.\d{3}/g, '')
}

/** Percent-encodes all except unreserved characters. */
function enc(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`,
  )
}

function encPath(bucket: string, key: string): string {
  return bucket === '' ? '/' : `/${bucket}/${key.split('/').map(enc).join('/')}`
}

function queryText(query: Record<string, string>): string {
  return Object.keys(query)
    .sort()
    .map((name) => (query[name] === '' ? enc(name) : `${enc(name)}=${enc(query[name] ?? '')}`))
    .join('&')
}

function toPath({ bucket, key, query = {} }: Draft): string {
  const text = queryText(query)
  return `${encPath(bucket, key)}${text === '' ? '' : `?${text}`}`
}

function hmac(key: string | Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest()
}

/** Returns the V4 signature of a string for a day. */
export function v4(secret: string, day: string, text: string): string {
  const keys = [day, REGION, 'oss', 'aliyun_v4_request']
  const key = keys.reduce<Buffer>((k, part) => hmac(k, part), Buffer.from(`aliyun_v4${secret}`))
  return hmac(key, text).toString('hex')
}

/** Returns the V1 signature of a string. */
export function v1(secret: string, text: string): string {
  return createHmac('sha1', secret).update(text).digest('base64')
}

function v4Signature(draft: Draft, { secret }: Signer, date: string, additional: string[]): string {
  const { method, bucket, key, query = {}, headers = {} } = draft
  const lines = Object.entries(headers)
    .map(([name, value]) => [name.toLowerCase(), value] as const)
    .filter(
      ([name]) => /^(content-type|content-md5|x-oss-)/.test(name) || additional.includes(name),
    )
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}:${value}\n`)
  const canonical = [
    method,
    encPath(bucket, key),
    queryText(query),
    lines.join(''),
    additional.join(';'),
    'UNSIGNED-PAYLOAD',
  ].join('\n')
  const day = date.slice(0, 8)
  const hash = createHash('sha256').update(canonical).digest('hex')
  const scope = `${day}/${REGION}/oss/aliyun_v4_request`
  return v4(secret, day, `OSS4-HMAC-SHA256\n${date}\n${scope}\n${hash}`)
}

/** Signs a request in its header by V4. */
export function headerV4(
  draft: Draft,
  signer: Signer,
  now: number,
  additional: string[] = [],
): Signed {
  const date = basicDate(now)
  const headers: Record<string, string> = {
    ...draft.headers,
    'x-oss-date': date,
    'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
    ...(signer.token && { 'x-oss-security-token': signer.token }),
  }
  const signature = v4Signature({ ...draft, headers }, signer, date, additional)
  const more = additional.length > 0 ? `,AdditionalHeaders=${additional.join(';')}` : ''
  const scope = `${date.slice(0, 8)}/${REGION}/oss/aliyun_v4_request`
  const authorization = `OSS4-HMAC-SHA256 Credential=${signer.id}/${scope}${more},Signature=${signature}`
  return { method: draft.method, path: toPath(draft), headers: { ...headers, authorization } }
}

/** Signs a request in its URL by V4. */
export function urlV4(
  draft: Draft,
  signer: Signer,
  { now, expires = 600, additional = [] }: { now: number; expires?: number; additional?: string[] },
): Signed {
  const date = basicDate(now)
  const query: Record<string, string> = {
    ...draft.query,
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${signer.id}/${date.slice(0, 8)}/${REGION}/oss/aliyun_v4_request`,
    'x-oss-date': date,
    'x-oss-expires': String(expires),
    ...(additional.length > 0 && { 'x-oss-additional-headers': additional.join(';') }),
    ...(signer.token && { 'x-oss-security-token': signer.token }),
  }
  const signature = v4Signature({ ...draft, query }, signer, date, additional)
  const path = toPath({ ...draft, query: { ...query, 'x-oss-signature': signature } })
  return { method: draft.method, path, headers: { ...draft.headers } }
}

// The sub-resources that these tests use.
const V1_SIGNED =
  /^(acl|append|cors|delete|location|objectMeta|partNumber|position|tagging|uploadId|uploads|callback|callback-var|security-token|bucketInfo|x-oss-.*|response-.*)$/

function v1Text(
  { method, bucket, key, query = {}, headers = {} }: Draft,
  dateLine: string,
): string {
  const lower = Object.fromEntries(Object.entries(headers).map(([n, v]) => [n.toLowerCase(), v]))
  const oss = Object.keys(lower)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
    .map((name) => `${name}:${lower[name]}\n`)
  const parameters = Object.keys(query)
    .filter((name) => V1_SIGNED.test(name))
    .sort()
    .map((name) => (query[name] === '' ? name : `${name}=${query[name]}`))
  const path = bucket === '' ? '/' : `/${bucket}/${key}`
  const resource = `${path}${parameters.length > 0 ? `?${parameters.join('&')}` : ''}`
  const head = [method, lower['content-md5'] ?? '', lower['content-type'] ?? '', dateLine]
  return `${head.join('\n')}\n${oss.join('')}${resource}`
}

/** Signs a request in its header by V1. */
export function headerV1(draft: Draft, signer: Signer, now: number): Signed {
  const date = new Date(now).toUTCString()
  const headers: Record<string, string> = {
    ...draft.headers,
    date,
    ...(signer.token && { 'x-oss-security-token': signer.token }),
  }
  const signature = v1(signer.secret, v1Text({ ...draft, headers }, date))
  const authorization = `OSS ${signer.id}:${signature}`
  return { method: draft.method, path: toPath(draft), headers: { ...headers, authorization } }
}

/** Signs a request in its URL by V1; `expires` in Unix seconds. */
export function urlV1(draft: Draft, signer: Signer, expires: number): Signed {
  const query: Record<string, string> = {
    ...draft.query,
    ...(signer.token && { 'security-token': signer.token }),
  }
  const signature = v1(signer.secret, v1Text({ ...draft, query }, String(expires)))
  const all = {
    ...query,
    OSSAccessKeyId: signer.id,
    Expires: String(expires),
    Signature: signature,
  }
  return {
    method: draft.method,
    path: toPath({ ...draft, query: all }),
    headers: { ...draft.headers },
  }
}

/** Returns form fields in order, with a policy signed by V4. */
export function formV4(
  { fields, conditions, expiration }: FormDraft,
  signer: Signer,
  now: number,
): [string, string][] {
  const date = basicDate(now)
  const day = date.slice(0, 8)
  const own: Record<string, string> = {
    'x-oss-signature-version': 'OSS4-HMAC-SHA256',
    'x-oss-credential': `${signer.id}/${day}/${REGION}/oss/aliyun_v4_request`,
    'x-oss-date': date,
    ...(signer.token && { 'x-oss-security-token': signer.token }),
  }
  const pinned = Object.entries(own).map(([name, value]) => ({ [name]: value }))
  const policy = toPolicy(expiration ?? now + 600_000, [...pinned, ...conditions])
  return [
    ...fields,
    ...Object.entries(own),
    ['policy', policy],
    ['x-oss-signature', v4(signer.secret, day, policy)],
  ]
}

/** Returns form fields in order, with a policy signed by V1. */
export function formV1(
  { fields, conditions, expiration }: FormDraft,
  signer: Signer,
  now: number,
): [string, string][] {
  const policy = toPolicy(expiration ?? now + 600_000, conditions)
  return [
    ...fields,
    ['OSSAccessKeyId', signer.id],
    ['policy', policy],
    ['Signature', v1(signer.secret, policy)],
    ...(signer.token ? [['x-oss-security-token', signer.token] as [string, string]] : []),
  ]
}

export type FormDraft = {
  fields: [string, string][]
  conditions: unknown[]
  /** Unix ms. */
  expiration?: number
}

/** Returns the base64 of a policy document. */
export function toPolicy(expiration: number, conditions: unknown[]): string {
  const document = { expiration: new Date(expiration).toISOString(), conditions }
  return Buffer.from(JSON.stringify(document)).toString('base64')
}
