import { createHash, createHmac } from 'node:crypto'

/**
 * An independent verifier of our signatures: it reads a raw request as OSS receives it and shares
 * no code with the code under test. Written only from OSS's signature pages.
 */
export type RawRequest = { method: string; url: string; headers: Record<string, string> }
type Bucketing = 'virtual-hosted' | 'path' | 'cname'
export type Secrets = { bucket: string; region: string; secret: string; bucketing: Bucketing }

type Parsed = { resource: string; key: string; query: [string, string][] }

export function verifyV4Url(request: RawRequest, secrets: Secrets): boolean {
  const { resource, query } = parse(request.url, secrets)
  const at = new Map(query)
  const listed = at.get('x-oss-additional-headers')
  const others = query.filter(([name]) => name !== 'x-oss-signature')
  const canonical = v4Canonical(
    request,
    resource,
    others,
    listed === undefined ? [] : listed.split(';'),
  )
  const date = at.get('x-oss-date') ?? ''
  const [, day = '', region = ''] = (at.get('x-oss-credential') ?? '').split('/')
  return (
    at.get('x-oss-signature-version') === 'OSS4-HMAC-SHA256' &&
    day === date.slice(0, 8) &&
    region === secrets.region &&
    at.get('x-oss-signature') === v4Sign(canonical, date, secrets)
  )
}

export function verifyV4Header(request: RawRequest, secrets: Secrets): boolean {
  const { resource, query } = parse(request.url, secrets)
  const { authorization = '', ...headers } = request.headers
  const match =
    /^OSS4-HMAC-SHA256 Credential=[^,/]+\/(\d{8})\/([^/]+)\/oss\/aliyun_v4_request,Signature=([0-9a-f]{64})$/.exec(
      authorization,
    )
  const date = headers['x-oss-date'] ?? ''
  const canonical = v4Canonical({ ...request, headers }, resource, query, [])
  return (
    match?.[1] === date.slice(0, 8) &&
    match[2] === secrets.region &&
    match[3] === v4Sign(canonical, date, secrets)
  )
}

export function verifyV4Form(fields: Record<string, string>, secrets: Secrets): boolean {
  const date = fields['x-oss-date'] ?? ''
  const key = v4Key(date.slice(0, 8), secrets)
  const expected = createHmac('sha256', key)
    .update(fields.policy ?? '')
    .digest('hex')
  return fields['x-oss-signature'] === expected
}

export function verifyV1Url(request: RawRequest, secrets: Secrets): boolean {
  const { key, query } = parse(request.url, secrets)
  const at = new Map(query)
  const own = ['OSSAccessKeyId', 'Expires', 'Signature']
  const others = query.filter(([name]) => !own.includes(name))
  const text = v1Text(request, at.get('Expires') ?? '', `/${secrets.bucket}/${key}`, others)
  return at.get('Signature') === v1Sign(text, secrets)
}

export function verifyV1Form(fields: Record<string, string>, secrets: Secrets): boolean {
  return fields.Signature === v1Sign(fields.policy ?? '', secrets)
}

function parse(url: string, { bucket, bucketing }: Secrets): Parsed {
  const match = /^https?:\/\/([^/?#]+)(\/[^?#]*)(?:\?([^#]*))?$/.exec(url)
  if (!match) throw new Error(`Not a URL that OSS could receive: ${url}`)
  const [, host = '', path = '', raw = ''] = match
  const names = {
    'virtual-hosted': host.startsWith(`${bucket}.`),
    cname: true,
    path: path.startsWith(`/${bucket}/`),
  }
  if (!names[bucketing]) throw new Error(`No bucket in ${url}`)
  const key = percentDecode(bucketing === 'path' ? path.slice(bucket.length + 2) : path.slice(1))
  const query = raw === '' ? [] : raw.split('&').map(toPair)
  return { resource: `/${bucket}/${key}`, key, query }
}

function toPair(text: string): [string, string] {
  const at = text.indexOf('=')
  if (at < 0) return [percentDecode(text), '']
  return [percentDecode(text.slice(0, at)), percentDecode(text.slice(at + 1))]
}

function percentDecode(text: string): string {
  if (/[^!-~]/.test(text))
    throw new Error('A bare space, control or non-ASCII character on the wire')
  return text.replace(/(?:%[0-9A-Fa-f]{2})+/g, (run) =>
    Buffer.from(run.replaceAll('%', ''), 'hex').toString('utf8'),
  )
}

function percentEncode(text: string, bare: '' | '/'): string {
  const reserved = bare === '/' ? /[^A-Za-z0-9\-_.~/]/gu : /[^A-Za-z0-9\-_.~]/gu
  return text.replace(reserved, (character) =>
    Buffer.from(character, 'utf8').toString('hex').toUpperCase().replace(/../g, '%$&'),
  )
}

function v4Canonical(
  { method, headers }: RawRequest,
  resource: string,
  query: [string, string][],
  additional: string[],
): string {
  const encoded = query.map(([name, value]) => [percentEncode(name, ''), percentEncode(value, '')])
  encoded.sort(([left = ''], [right = '']) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  const names = Object.keys(headers).filter(
    (name) =>
      name === 'content-type' ||
      name === 'content-md5' ||
      name.startsWith('x-oss-') ||
      additional.includes(name),
  )
  names.sort((left, right) => Buffer.compare(Buffer.from(left), Buffer.from(right)))
  const lines = [
    method,
    percentEncode(resource, '/'),
    encoded.map(([name, value]) => (value ? `${name}=${value}` : name)).join('&'),
    ...names.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    '',
    additional.join(';'),
    'UNSIGNED-PAYLOAD',
  ]
  return lines.join('\n')
}

function v4Key(day: string, { secret, region }: Secrets): Buffer {
  let key = Buffer.from(`aliyun_v4${secret}`)
  for (const text of [day, region, 'oss', 'aliyun_v4_request']) {
    key = createHmac('sha256', key).update(text).digest()
  }
  return key
}

function v4Sign(canonical: string, date: string, secrets: Secrets): string {
  const day = date.slice(0, 8)
  const hash = createHash('sha256').update(canonical).digest('hex')
  const scope = `${day}/${secrets.region}/oss/aliyun_v4_request`
  const text = ['OSS4-HMAC-SHA256', date, scope, hash].join('\n')
  return createHmac('sha256', v4Key(day, secrets)).update(text).digest('hex')
}

const V1_NAMES = [
  'acl',
  'uploads',
  'uploadId',
  'partNumber',
  'security-token',
  'callback',
  'callback-var',
  'versionId',
  'append',
  'position',
]

function v1Text(
  { method, headers }: RawRequest,
  date: string,
  resource: string,
  query: [string, string][],
): string {
  const signed = query
    .filter(([name]) => V1_NAMES.includes(name) || /^(x-oss-|response-)/.test(name))
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .sort((left, right) => ((left.split('=')[0] ?? '') < (right.split('=')[0] ?? '') ? -1 : 1))
  const oss = Object.keys(headers)
    .filter((name) => name.startsWith('x-oss-'))
    .sort()
  return [
    method,
    headers['content-md5'] ?? '',
    headers['content-type'] ?? '',
    date,
    ...oss.map((name) => `${name}:${(headers[name] ?? '').trim()}`),
    resource + (signed.length > 0 ? `?${signed.join('&')}` : ''),
  ].join('\n')
}

function v1Sign(text: string, { secret }: Secrets): string {
  return createHmac('sha1', secret).update(text).digest('base64')
}
