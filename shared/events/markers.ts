import type { OssAccess } from '../callback/stored-object'
import { Refusal } from '../errors'
import type { IncomingResponse } from '../http/message'
import { signHeaders } from '../signing/header'

/** A request for an object of the ledger, or for a page of their names if the key is empty. */
export type MarkerRequest = {
  method: 'GET' | 'PUT' | 'DELETE'
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
  body?: string
  /** 700 by default, as a callback can wait. */
  timeoutMs?: number
}

const TIMEOUT_MS = 700
// A response of 64 KB has at most twice as many bytes as a JSON string; the rest is for the event.
const MAX_MARKER_BYTES = 262_144

/** The status of a write with `ONCE` where there is a marker already. */
export const EXISTS = 409
/** The header with which OSS accepts the first of several writers (OSS: PutObject). */
export const ONCE = { 'x-oss-forbid-overwrite': 'true' }

/**
 * Writes a private marker. OSS ignores `ONCE` on a bucket with versioning, so every write to one throws
 * `ledger_versioned`.
 */
export async function putMarker(
  key: string,
  marker: object,
  access: OssAccess,
  more: Record<string, string> = {},
): Promise<IncomingResponse> {
  const headers = { 'content-type': 'application/json', 'x-oss-object-acl': 'private', ...more }
  const body = JSON.stringify(marker)
  const answer = await sendMarker({ method: 'PUT', key, headers, body }, access)
  // OSS: PutObject names a version wherever versioning is on or suspended.
  if (answer.headers['x-oss-version-id'] !== undefined) throw new Refusal('ledger_versioned')
  return answer
}

/**
 * Sends a request, and once more after a 5xx or no response: all of them are idempotent. Throws `ledger_unavailable`
 * without a response.
 */
export async function sendMarker(
  request: MarkerRequest,
  access: OssAccess,
): Promise<IncomingResponse> {
  const first = await sendOnce(request, access).catch(() => undefined)
  if (first && first.status < 500) return first
  return sendOnce(request, access).catch((cause: unknown) => {
    throw new Refusal('ledger_unavailable', {}, { cause })
  })
}

function sendOnce(
  { method, key, query = {}, headers = {}, body, timeoutMs = TIMEOUT_MS }: MarkerRequest,
  { target, credentials, now, send }: OssAccess,
): Promise<IncomingResponse> {
  const request = signHeaders({ method, target, key, query, headers, credentials, now })
  const limits = { timeoutMs, maxBytes: MAX_MARKER_BYTES }
  return send({ ...request, ...limits, ...(body !== undefined && { body }) })
}
