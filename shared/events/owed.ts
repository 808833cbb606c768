import { createHash } from 'node:crypto'
import * as v from 'valibot'
import type { OssAccess } from '../callback/stored-object'
import { Refusal } from '../errors'
import { RESERVED_PREFIX } from '../rules/template'
import { strictObject } from '../schema/schema'
import { parseJson } from '../text'
import { toIsoTime } from '../time'
import { uploadEventSchema } from './event'
import type { Entry, OwedEvents } from './ledger'
import { EXISTS, ONCE, putMarker, sendMarker } from './markers'

/** The prefix of what is not delivered yet: no lifecycle rule may remove it. */
export const OWED_PREFIX = `${RESERVED_PREFIX}owed/`

const UNDATED = '00000000T000000Z'
// The id of an event, or the hash of an invocation, behind its time: names are in the order of time.
const NAME = /^(\d{8}T\d{6}Z)-[0-9a-f]{64}(?:-[\w-]+)?$/
// 500 names have about 190 KB in OSS's XML.
const MAX_PAGE = 500
const LIST_MS = 5000

const entrySchema = strictObject({
  answer: v.string(),
  event: uploadEventSchema,
  ticketId: v.exactOptional(v.string()),
})
const missedSchema = strictObject({ missed: v.record(v.string(), v.unknown()) })

/** An event of OSS that `upload-event` could not process. */
export type Missed = { missed: Record<string, unknown> }

/** A page of names, in the order of time, and the token of the next page. @internal */
export type OwedPage = { names: string[]; next?: string }

/** The store that a sweep reads: what is owed, and what was missed. */
export type OwedStore = {
  list: (token?: string) => Promise<OwedPage>
  /** Returns undefined for what is not there any more, and `damaged` for what can't be parsed. */
  read: (name: string) => Promise<Entry | Missed | 'damaged' | undefined>
  remove: (name: string) => Promise<void>
  /** Keeps an event of OSS; `time` in Unix seconds. */
  keepMissed: (missed: Missed['missed'], time: number) => Promise<void>
}

/** Creates the part of the ledger where an event is kept from before its claim until it is delivered. */
export function createOwedEvents(access: OssAccess): OwedEvents {
  return {
    keep: (entry) => keep(nameOf(entry), entry, access),
    remove: (entry) => remove(nameOf(entry), access),
  }
}

/** Creates the store that a sweep reads; every method throws `ledger_unavailable` if OSS does not do it. */
export function createOwedStore(access: OssAccess): OwedStore {
  return {
    list: async (token) => {
      const query = { 'list-type': '2', prefix: OWED_PREFIX, 'max-keys': String(MAX_PAGE) }
      const more = token === undefined ? {} : { 'continuation-token': token }
      const page = { method: 'GET', key: '', query: { ...query, ...more } } as const
      const { status, body } = await sendMarker({ ...page, timeoutMs: LIST_MS }, access)
      if (status !== 200) throw new Refusal('ledger_unavailable')
      return parsePage(body.toString('utf8'))
    },
    read: async (name) => {
      const { status, body } = await sendMarker({ method: 'GET', key: keyOf(name) }, access)
      if (status === 404) return undefined
      if (status !== 200) throw new Refusal('ledger_unavailable')
      const parsed = v.safeParse(v.union([entrySchema, missedSchema]), parseJson(body.toString()))
      return parsed.success ? parsed.output : 'damaged'
    },
    remove: (name) => remove(name, access),
    keepMissed: (missed, time) => {
      const hash = createHash('sha256').update(JSON.stringify(missed)).digest('hex')
      return keep(`${toCompact(toIsoTime(time))}-${hash}`, { missed }, access)
    },
  }
}

/** Returns the time in a name in Unix seconds; undefined for an event without one. */
export function timeOf(name: string): number | undefined {
  const time = NAME.exec(name)?.[1] ?? UNDATED
  const iso = time.replace(/^(\d{4})(\d\d)(\d\dT\d\d)(\d\d)(\d\dZ)$/, '$1-$2-$3:$4:$5')
  return time === UNDATED ? undefined : Date.parse(iso) / 1000
}

// The same for every claimant of an upload, so that whoever delivers the event can remove it; but another one for each
// ticket, so that a used one, which proves nothing, takes nothing away from the one that counts.
function nameOf({ event: { time, id }, ticketId }: Entry): string {
  const name = `${time === undefined ? UNDATED : toCompact(time)}-${id}`
  return ticketId === undefined ? name : `${name}-${ticketId}`
}

function toCompact(time: string): string {
  return time.replace(/[-:]/g, '')
}

function keyOf(name: string): string {
  return `${OWED_PREFIX}${name}`
}

// What is there already is the same upload.
async function keep(name: string, owed: Entry | Missed, access: OssAccess): Promise<void> {
  const { status } = await putMarker(keyOf(name), owed, access, ONCE)
  if (status !== 200 && status !== EXISTS) throw new Refusal('ledger_unavailable')
}

async function remove(name: string, access: OssAccess): Promise<void> {
  const { status } = await sendMarker({ method: 'DELETE', key: keyOf(name) }, access)
  if (status !== 204 && status !== 404) throw new Refusal('ledger_unavailable')
}

// Our names need no escape in XML; others are none of ours.
function parsePage(xml: string): OwedPage {
  const keys = Array.from(xml.matchAll(/<Key>([^<]*)<\/Key>/g), ([, key = '']) => key)
  const names = keys
    .filter((key) => key.startsWith(OWED_PREFIX))
    .map((key) => key.slice(OWED_PREFIX.length))
    .filter((name) => NAME.test(name))
  const next = /<NextContinuationToken>([^<]+)<\/NextContinuationToken>/.exec(xml)?.[1]
  return { names, ...(next !== undefined && { next }) }
}
