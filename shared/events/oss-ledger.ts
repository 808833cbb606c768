import * as v from 'valibot'
import type { OssAccess } from '../callback/stored-object'
import { Refusal } from '../errors'
import type { IncomingResponse } from '../http/message'
import { RESERVED_PREFIX } from '../rules/template'
import { strictObject } from '../schema/schema'
import { signHeaders } from '../signing/header'
import { parseJson } from '../text'
import { uploadEventSchema } from './event'
import type { Claim, Entry, Ledger } from './ledger'

/** The prefix of the markers; a lifecycle rule may delete them after the last possible callback. */
export const LEDGER_PREFIX = `${RESERVED_PREFIX}uploads/`

const markerSchema = strictObject({
  claimant: v.string(),
  isSettled: v.boolean(),
  answer: v.string(),
  event: uploadEventSchema,
})
type Marker = v.InferOutput<typeof markerSchema>

const TIMEOUT_MS = 700
// A response of 64 KB has at most twice as many bytes as a JSON string; the rest is for the event.
const MAX_MARKER_BYTES = 262_144
const EXISTS = 409
const ONCE = { 'x-oss-forbid-overwrite': 'true' }

/**
 * Creates a ledger of marker objects in the bucket, one for each upload. OSS accepts the first PutObject with
 * `x-oss-forbid-overwrite` and responds 409 to all others (OSS: PutObject). On a bucket with versioning, OSS ignores the
 * header, so every claim throws `ledger_versioned`; any other failure throws `ledger_unavailable`.
 */
export function createOssLedger(access: OssAccess, claimant: string): Ledger {
  return {
    claim: async (id, entry) => {
      const marker = { claimant, isSettled: false, ...entry }
      const { status } = await put(id, marker, access, ONCE)
      if (status === 200) return { first: true }
      if (status === EXISTS) return read(id, { claimant, entry }, access)
      throw new Refusal('ledger_unavailable')
    },
    find: async (id) => {
      const answer = await sendMarker({ method: 'GET', id }, access)
      if (answer.status === 404) return undefined
      const found = readMarker(answer)
      return found.marker && toClaim(found.marker, found.ageSeconds)
    },
    bind: async (ticketId, id) => {
      const marker = `ticket-${ticketId}`
      const { status } = await put(marker, { upload: id }, access, ONCE)
      if (status === 200) return true
      if (status !== EXISTS) throw new Refusal('ledger_unavailable')
      const { status: found, body } = await sendMarker({ method: 'GET', id: marker }, access)
      if (found !== 200) throw new Refusal('ledger_unavailable')
      return body.equals(Buffer.from(JSON.stringify({ upload: id })))
    },
    settle: async (id, entry) => {
      const { status } = await put(id, { claimant, isSettled: true, ...entry }, access)
      if (status !== 200) throw new Refusal('ledger_unavailable')
    },
  }
}

async function put(
  id: string,
  marker: Marker | { upload: string },
  access: OssAccess,
  more: Record<string, string> = {},
): Promise<IncomingResponse> {
  const headers = { 'content-type': 'application/json', 'x-oss-object-acl': 'private', ...more }
  const answer = await sendMarker(
    { method: 'PUT', id, headers, body: JSON.stringify(marker) },
    access,
  )
  // OSS: PutObject names a version wherever versioning is on or suspended.
  if (answer.headers['x-oss-version-id'] !== undefined) throw new Refusal('ledger_versioned')
  return answer
}

// A claim whose response was lost finds its own marker: it is the first.
async function read(
  id: string,
  own: { claimant: string; entry: Entry },
  access: OssAccess,
): Promise<Claim> {
  const { marker, ageSeconds } = readMarker(await sendMarker({ method: 'GET', id }, access))
  // A marker of another version, or a damaged one, would block its upload forever, so our entry is delivered instead.
  if (!marker) return { first: false, entry: own.entry, isSettled: false, ageSeconds }
  if (marker.claimant === own.claimant && !marker.isSettled) return { first: true }
  return toClaim(marker, ageSeconds)
}

function toClaim({ answer, event, isSettled }: Marker, ageSeconds: number) {
  return { first: false as const, entry: { answer, event }, isSettled, ageSeconds }
}

function readMarker({ status, headers, body }: IncomingResponse) {
  if (status !== 200) throw new Refusal('ledger_unavailable')
  return { marker: parseMarker(body), ageSeconds: ageOf(headers) }
}

// Both times are from OSS's clock, so ours does not matter.
function ageOf(headers: IncomingResponse['headers']): number {
  const age = (Date.parse(headers.date ?? '') - Date.parse(headers['last-modified'] ?? '')) / 1000
  if (Number.isFinite(age)) return age
  throw new Refusal('ledger_unavailable')
}

type MarkerRequest = {
  method: 'GET' | 'PUT'
  id: string
  headers?: Record<string, string>
  body?: string
}

/** Sends a request, and once more after a 5xx or no response: both requests are idempotent. */
async function sendMarker(request: MarkerRequest, access: OssAccess): Promise<IncomingResponse> {
  const first = await sendOnce(request, access).catch(() => undefined)
  if (first && first.status < 500) return first
  return sendOnce(request, access).catch((cause: unknown) => {
    throw new Refusal('ledger_unavailable', {}, { cause })
  })
}

function sendOnce(
  { method, id, headers = {}, body }: MarkerRequest,
  { target, credentials, now, send }: OssAccess,
): Promise<IncomingResponse> {
  const key = `${LEDGER_PREFIX}${id}`
  const request = signHeaders({ method, target, key, headers, credentials, now })
  const limits = { timeoutMs: TIMEOUT_MS, maxBytes: MAX_MARKER_BYTES }
  return send({ ...request, ...limits, ...(body !== undefined && { body }) })
}

function parseMarker(body: Buffer): Marker | undefined {
  const parsed = v.safeParse(markerSchema, parseJson(body.toString('utf8')))
  return parsed.success ? parsed.output : undefined
}
