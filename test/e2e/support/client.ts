import { createHash, randomBytes } from 'node:crypto'
import OSS from 'ali-oss'
import type { LocalInfo as Info } from '../../../local/options'
import type { UploadEvent } from '../../../shared/events/event'
import { issueToken } from '../../support/token'

export type { Info }

export type Bytes = Buffer<ArrayBuffer>

export type Answer<Body> = { status: number; type: string; headers: Headers; body: Body }

export type Problem = {
  type: string
  title: string
  status: number
  detail: string
  code: string
  requestId: string
  errors?: { path: string; message: string }[]
}

export type StsAnswer = {
  credentials: {
    accessKeyId: string
    accessKeySecret: string
    securityToken: string
    expiration: string
  }
  bucket: string
  region: string
  endpoint: string
  prefix: string
  headers?: Record<string, string>
  callback?: {
    callbackUrl: string
    callbackBody: string
    callbackBodyType: string
    callbackVar: Record<string, string>
  }
  refreshAfter: string
  serverTime: string
}

export type UrlAnswer = {
  method: string
  url: string
  headers: Record<string, string>
  key: string
  expiresAt: string
  serverTime: string
}

export type FormAnswer = {
  method: string
  url: string
  fields: Record<string, string>
  key: string
  maxBytes: number
  expiresAt: string
  serverTime: string
}

export type Proof = { status: string; key: string; size: number; etag: string; contentType: string }

/** Returns a token of the local issuer for this caller. */
export async function token(
  info: Info,
  sub: string,
  claims: Record<string, unknown> = {},
): Promise<string> {
  return issueToken(info, { sub, claims })
}

/** Posts JSON, or the given bytes, to one of our functions. */
export async function ask<Body>(
  info: Info,
  path: string,
  body: unknown,
  bearer?: string,
): Promise<Answer<Body>> {
  const answer = await fetch(info.gateway + path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(bearer !== undefined && { authorization: `Bearer ${bearer}` }),
    },
    body:
      typeof body === 'string' || Buffer.isBuffer(body) ? (body as never) : JSON.stringify(body),
  })
  const text = await answer.text()
  const type = answer.headers.get('content-type') ?? ''
  return { status: answer.status, type, headers: answer.headers, body: parse(text) as Body }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // OSS responds with XML; the test reads it as a string.
    return text
  }
}

/** Sends bytes to a signed URL, exactly as the response describes. */
export async function sendUrl(
  { method, url, headers }: Pick<UrlAnswer, 'method' | 'url' | 'headers'>,
  file: Bytes,
): Promise<Answer<Proof>> {
  const answer = await fetch(url, { method, headers, body: file })
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    headers: answer.headers,
    body: parse(await answer.text()) as Proof,
  }
}

/** Posts a form as a browser does: the fields in order, the file last. */
export async function sendForm(
  { url, fields }: Pick<FormAnswer, 'url' | 'fields'>,
  file: Bytes,
  filename = 'file',
): Promise<Answer<Proof>> {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  const type = fields['Content-Type'] ?? fields['content-type'] ?? ''
  form.append('file', new Blob([file], { type }), filename)
  const answer = await fetch(url, { method: 'POST', body: form })
  return {
    status: answer.status,
    type: answer.headers.get('content-type') ?? '',
    headers: answer.headers,
    body: parse(await answer.text()) as Proof,
  }
}

/** Creates the official client with STS credentials. */
export function stsClient({ credentials, bucket, region, endpoint }: StsAnswer): OSS {
  return new OSS({
    accessKeyId: credentials.accessKeyId,
    accessKeySecret: credentials.accessKeySecret,
    stsToken: credentials.securityToken,
    refreshSTSToken: async () => ({
      accessKeyId: credentials.accessKeyId,
      accessKeySecret: credentials.accessKeySecret,
      stsToken: credentials.securityToken,
    }),
    bucket,
    region: `oss-${region}`,
    endpoint,
    sldEnable: true,
    authorizationV4: true,
  } as OSS.Options)
}

/** Converts the callback of an STS response to the form that ali-oss takes. */
export function aliOssCallback({ callback }: StsAnswer): OSS.ObjectCallback {
  if (!callback) throw new Error('The answer has no callback')
  const ticket = callback.callbackVar['x:ticket'] ?? ''
  return {
    url: callback.callbackUrl,
    body: callback.callbackBody,
    contentType: callback.callbackBodyType,
    customValue: { ticket },
  } as OSS.ObjectCallback
}

/** Creates the official client with the account's keys. */
export function ownerClient(info: Info): OSS {
  return new OSS({
    accessKeyId: info.accessKeyId,
    accessKeySecret: info.accessKeySecret,
    bucket: info.bucket,
    region: `oss-${info.region}`,
    endpoint: info.oss,
    sldEnable: true,
    authorizationV4: true,
  } as OSS.Options)
}

/** Returns the SHA-256 of an object, read with the account's keys. */
export async function storedHash(info: Info, key: string): Promise<string> {
  const { content } = await ownerClient(info).get(key)
  return sha256(content as Buffer)
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

/** Returns random bytes, which cannot be compressed or repeat by accident. */
export function random(length: number): Bytes {
  return Buffer.from(randomBytes(length))
}

/** What the consumer's queue holds of a key: an event is there before its callback is answered. */
export async function eventsOf({ gateway }: Info, key: string): Promise<UploadEvent[]> {
  const answer = await fetch(`${gateway}/local/events`)
  const { events } = (await answer.json()) as { events: { event: UploadEvent }[] }
  return events.map(({ event }) => event).filter(({ subject }) => subject === key)
}
