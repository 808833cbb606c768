import { Refusal } from '../errors'
import type { IncomingResponse } from '../http/message'
import { signHeaders } from '../signing/header'
import type { OssAccess, StoredObject } from './stored-object'

const TIMEOUT_MS = 1000
const MAX_READ_BYTES = 4100

/** Checks the first bytes of a stored object against its declared type; throws `upload_type` if they differ. */
export async function checkContent(
  key: string,
  stored: StoredObject,
  access: OssAccess,
): Promise<void> {
  const bytes = stored.size === 0 ? Buffer.alloc(0) : await readStart(key, stored, access)
  // Loaded only for rules with `sniff`: by default there are none.
  const { fitsType } = await import('./sniff-type')
  if (!(await fitsType(bytes, stored.contentType))) throw new Refusal('upload_type')
}

// `If-Match` requires the object that HeadObject returned: one that has replaced it is another upload.
async function readStart(key: string, stored: StoredObject, access: OssAccess): Promise<Buffer> {
  const { etag } = stored
  const headers = { range: `bytes=0-${MAX_READ_BYTES - 1}`, 'if-match': `"${etag}"` }
  const first = await sendGet(key, headers, access)
  const { status, body } = first.status >= 500 ? await sendGet(key, headers, access) : first
  if (status === 404 || status === 412) throw new Refusal('object_mismatch')
  if (status !== 206 && status !== 200) throw new Refusal('object_unavailable')
  return body
}

async function sendGet(
  key: string,
  headers: Record<string, string>,
  { target, credentials, now, send }: OssAccess,
): Promise<IncomingResponse> {
  const request = signHeaders({ method: 'GET', target, key, headers, credentials, now })
  try {
    return await send({ ...request, timeoutMs: TIMEOUT_MS, maxBytes: MAX_READ_BYTES })
  } catch (cause) {
    throw new Refusal('object_unavailable', {}, { cause })
  }
}
