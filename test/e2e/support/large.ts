import { ask, type Bytes, type Info, type Problem, token, type UrlAnswer } from './client'
import { shareLocalCloud } from './cloud'

export type Request = { method: string; url: string; headers: Record<string, string> }

export type Begun = {
  key: string
  ticket: string
  partSize: number
  partCount: number
  initiate: Request
  expiresAt: string
  ticketExpiresAt: string
}

export type Part = Request & { partNumber: number; size: number }

export type Parts = {
  parts: Part[]
  list: Request
  lists: Request[]
  complete: Request
  abort: Request
  expiresAt: string
}

/** Shares a local cloud with rules for large files among the tests of a file. */
export function shareLargeFiles(settings: Record<string, string> = {}): () => Info {
  return shareLocalCloud({ rules: 'test/support/rules/large.ts', settings })
}

/** Returns the response of `/signed-url` to this caller. */
export async function signed<Body = UrlAnswer>(
  info: Info,
  request: object,
  sub = 'alice',
): Promise<Body> {
  const answer = await ask<Body>(info, '/signed-url', request, await token(info, sub))
  expect(answer).toMatchObject({ status: 200 })
  return answer.body
}

/** Returns the problem with which `/signed-url` refuses this caller. */
export async function refused(info: Info, request: object, sub = 'alice'): Promise<Problem> {
  return (await ask<Problem>(info, '/signed-url', request, await token(info, sub))).body
}

/** Sends a signed request and reads OSS's response. */
export async function send({ method, url, headers }: Request, body?: Bytes) {
  const answer = await fetch(url, { method, headers, ...(body && { body }) })
  return { status: answer.status, headers: answer.headers, text: await answer.text() }
}

/** Requests a multipart plan. */
export function begin(info: Info, contentLength: number, changed: object = {}): Promise<Begun> {
  const request = { rule: 'clips', filename: 'a.mp4', contentType: 'video/mp4', contentLength }
  return signed<Begun>(info, { operation: 'multipart', ...request, ...changed })
}

/** Initiates the upload in OSS and returns its id. */
export async function initiate(begun: Begun): Promise<string> {
  const { status, text } = await send(begun.initiate)
  expect(status).toBe(200)
  return /<UploadId>([^<]+)<\/UploadId>/.exec(text)?.[1] ?? ''
}

/** Requests the URLs of these parts, or of all. */
export function partsOf(
  info: Info,
  { ticket, uploadId }: { ticket: string; uploadId: string },
  partNumbers?: number[],
): Promise<Parts> {
  const request = { operation: 'multipart-parts', ticket, uploadId }
  return signed<Parts>(info, { ...request, ...(partNumbers && { partNumbers }) })
}

/** Returns the bytes of one part. */
export function sliceOf(file: Bytes, { partNumber, size }: Part, { partSize }: Begun): Bytes {
  const start = (partNumber - 1) * partSize
  return file.subarray(start, start + size)
}

/** Initiates an upload of this file and sends these parts, or all. */
export async function sendParts(info: Info, file: Bytes, numbers?: number[]) {
  const begun = await begin(info, file.length)
  const uploadId = await initiate(begun)
  const urls = await partsOf(info, { ticket: begun.ticket, uploadId }, numbers)
  for (const part of urls.parts) {
    expect(await send(part, sliceOf(file, part, begun))).toMatchObject({ status: 200 })
  }
  return { begun, uploadId, urls }
}
