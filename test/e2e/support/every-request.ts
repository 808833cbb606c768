import type { Info } from './client'
import { type Begun, type Parts, partsOf, type Request, signed } from './large'

export type Reply = { status: number; text: string }

/**
 * Sends one signed request as an HTTP client does that receives only `headers`; `initiate` and
 * `complete` have no body.
 */
export type SendBy = (request: Request, body?: string) => Promise<Reply>

const FILE = { rule: 'media', contentType: 'application/x-odd', contentLength: 5 }

/**
 * Puts a file, then puts it in parts, and returns OSS's responses to the four requests that may
 * have a body.
 */
export async function sendEveryRequest(info: Info, name: string, send: SendBy) {
  const put = await send(await signed(info, { ...FILE, operation: 'put', filename: name }), 'hello')
  const begun = await signed<Begun>(info, { ...FILE, operation: 'multipart', filename: name })
  const initiate = await send(begun.initiate)
  const uploadId = /<UploadId>([^<]+)<\/UploadId>/.exec(initiate.text)?.[1] ?? 'none'
  const { parts, complete }: Parts = await partsOf(info, { ticket: begun.ticket, uploadId })
  const [first] = parts
  if (first === undefined) throw new Error('The plan has no part')
  const part = await send(first, 'hello')
  return { put, initiate, part, complete: await send(complete) }
}

const OK = { status: 200, text: '' }

/** OSS's responses if each request is sent as signed. */
export const ALL_TAKEN = {
  put: { status: 200, text: expect.stringContaining('"contentType":"application/x-odd"') },
  initiate: { status: 200, text: expect.stringContaining('<UploadId>') },
  part: OK,
  complete: { status: 200, text: expect.stringContaining('"contentType":"application/x-odd"') },
}
