import { toSignedForm } from '../api'
import { type Proof, readProof } from '../proof'
import { send } from '../send'
import type { UploadOrder } from './order'

/** Uploads with a form: the signed fields in their order, then the file. */
export async function uploadByForm(order: UploadOrder): Promise<Proof> {
  const { ask, rule, file, filename, contentType, onSent, signal } = order
  const wish = { rule, filename, contentType, contentLength: file.size }
  const { url, fields } = toSignedForm(await ask('/post-policy', wish, signal))
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  // OSS ignores every field after the file (OSS: PostObject, form fields).
  body.append('file', file, filename)
  return readProof(await send({ method: 'POST', url, body, onSent, signal }))
}
