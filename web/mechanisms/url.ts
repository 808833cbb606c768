import { toSignedUrl } from '../api'
import { type Proof, readProof } from '../proof'
import { send } from '../send'
import type { UploadOrder } from './order'

/** Uploads with one PUT to a URL that is signed for exactly this file. */
export async function uploadByUrl(order: UploadOrder): Promise<Proof> {
  const { ask, rule, file, filename, contentType, onSent, signal } = order
  const wish = { rule, operation: 'put', filename, contentType, contentLength: file.size }
  const { url, headers } = toSignedUrl(await ask('/signed-url', wish, signal))
  return readProof(await send({ method: 'PUT', url, headers, body: file, onSent, signal }))
}
