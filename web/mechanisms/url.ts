import { toSignedUrl } from '../api'
import { type Proof, readProof } from '../proof'
import { send } from '../send'
import type { UploadInput } from './upload-input'

/** Uploads with one PUT to a URL signed for exactly this file. */
export async function uploadByUrl(input: UploadInput): Promise<Proof> {
  const { call, rule, file, filename, contentType, onSent, signal } = input
  const request = { rule, operation: 'put', filename, contentType, contentLength: file.size }
  const { url, headers } = toSignedUrl(await call('/signed-url', request, signal))
  return readProof(await send({ method: 'PUT', url, headers, body: file, onSent, signal }))
}
