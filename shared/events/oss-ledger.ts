import * as v from 'valibot'
import type { OssAccess } from '../callback/stored-object'
import { Refusal } from '../errors'
import type { IncomingResponse } from '../http/message'
import { RESERVED_PREFIX } from '../rules/template'
import { strictObject } from '../schema/schema'
import { parseJson } from '../text'
import { uploadEventSchema } from './event'
import type { Claim, Entry, Ledger } from './ledger'
import { EXISTS, ONCE, putMarker, sendMarker } from './markers'
import { createOwedEvents } from './owed'

/** The prefix of the markers; a lifecycle rule may delete them after the last possible callback. */
export const LEDGER_PREFIX = `${RESERVED_PREFIX}uploads/`

const markerSchema = strictObject({
  claimant: v.string(),
  isSettled: v.boolean(),
  answer: v.string(),
  event: uploadEventSchema,
  ticketId: v.exactOptional(v.string()),
})
type Marker = v.InferOutput<typeof markerSchema>

/**
 * Creates a ledger of marker objects in the bucket, one for each upload. OSS accepts the first PutObject with
 * `x-oss-forbid-overwrite` and responds 409 to all others (OSS: PutObject). On a bucket with versioning, OSS ignores the
 * header, so every claim throws `ledger_versioned`; any other failure throws `ledger_unavailable`.
 */
export function createOssLedger(access: OssAccess, claimant: string): Ledger {
  const put = (id: string, marker: Marker | { upload: string }, more?: Record<string, string>) =>
    putMarker(keyOf(id), marker, access, more)
  const get = (id: string) => sendMarker({ method: 'GET', key: keyOf(id) }, access)
  return {
    owed: createOwedEvents(access),
    claim: async (id, entry) => {
      const { status } = await put(id, { claimant, isSettled: false, ...entry }, ONCE)
      if (status === 200) return { first: true }
      if (status === EXISTS) return toClaimOf(await get(id), { claimant, entry })
      throw new Refusal('ledger_unavailable')
    },
    find: async (id) => {
      const answer = await get(id)
      if (answer.status === 404) return undefined
      const found = readMarker(answer)
      return found.marker && toClaim(found.marker, found.ageSeconds)
    },
    bind: async (ticketId, id) => {
      const marker = `ticket-${ticketId}`
      const { status } = await put(marker, { upload: id }, ONCE)
      if (status === 200) return true
      if (status !== EXISTS) throw new Refusal('ledger_unavailable')
      const { status: found, body } = await get(marker)
      if (found !== 200) throw new Refusal('ledger_unavailable')
      return body.equals(Buffer.from(JSON.stringify({ upload: id })))
    },
    settle: async (id, entry) => {
      const { status } = await put(id, { claimant, isSettled: true, ...entry })
      if (status !== 200) throw new Refusal('ledger_unavailable')
    },
  }
}

function keyOf(id: string): string {
  return `${LEDGER_PREFIX}${id}`
}

// A claim whose response was lost finds its own marker: it is the first.
function toClaimOf(found: IncomingResponse, own: { claimant: string; entry: Entry }): Claim {
  const { marker, ageSeconds } = readMarker(found)
  // A marker of another version, or a damaged one, would block its upload forever, so our entry is delivered instead.
  if (!marker) return { first: false, entry: own.entry, isSettled: false, ageSeconds }
  if (marker.claimant === own.claimant && !marker.isSettled) return { first: true }
  return toClaim(marker, ageSeconds)
}

function toClaim({ claimant: _, isSettled, ...entry }: Marker, ageSeconds: number) {
  return { first: false as const, entry, isSettled, ageSeconds }
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

function parseMarker(body: Buffer): Marker | undefined {
  const parsed = v.safeParse(markerSchema, parseJson(body.toString('utf8')))
  return parsed.success ? parsed.output : undefined
}
