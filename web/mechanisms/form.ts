import { toSignedForm } from '../api'
import { type Proof, readProof } from '../proof'
import { send } from '../send'
import type { UploadInput } from './upload-input'

/** Uploads with a form: the signed fields in order, then the file. */
export async function uploadByForm(input: UploadInput): Promise<Proof> {
  const { call, rule, file, filename, contentType, onSent, signal } = input
  const request = { rule, filename, contentType, contentLength: file.size }
  const { url, fields } = toSignedForm(await call('/post-policy', request, signal))
  const body = new FormData()
  for (const [name, value] of Object.entries(fields)) body.append(name, value)
  // OSS ignores every field after the file (OSS: PostObject, form fields).
  body.append('file', file, filename)
  return readProof(await send({ method: 'POST', url, body, onSent, signal }))
}
