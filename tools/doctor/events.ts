import { setTimeout as wait } from 'node:timers/promises'
import type OSS from 'ali-oss'
import { unquote } from '../../shared/callback/stored-object'
import { uploadId } from '../../shared/events/event'
import { LEDGER_PREFIX } from '../../shared/events/oss-ledger'
import { OWED_PREFIX } from '../../shared/events/owed'
import { metadataOf } from '../../shared/policy/metadata'
import { parseJson } from '../../shared/text'
import { toIsoTime } from '../../shared/time'
import type { Finding } from '../findings'

/** Clients of the ledger's bucket and of the objects' one, and how long an event may take. */
export type EventOptions = { client: OSS; objects: OSS; eventMs: number }

type State = 'delivered' | 'claimed' | 'none'

const POLL_MS = 250
const RIGHTS = `give the key oss:GetObject on ${LEDGER_PREFIX}* and oss:ListObjects`

/** Says by the ledger whether the event of an upload that was proven reached the application. */
export async function examineEvent(
  mechanism: string,
  key: string,
  options: EventOptions,
): Promise<Finding> {
  const subject = `event by ${mechanism}`
  try {
    const ids = await idsOf(key, options)
    const state = await waitFor(ids, options)
    if (state === 'delivered') {
      return { state: 'ok', subject, what: 'was delivered to the application, as the ledger says' }
    }
    const isOwed = await isKept(ids, options)
    return isOwed ? owed(subject) : lost(subject, state, options.eventMs)
  } catch (error) {
    const { code, name } = error as { code?: string; name: string }
    const what = `cannot be looked for in the ledger: ${code ?? name}`
    return { state: 'unknown', subject, what, fix: RIGHTS }
  }
}

function owed(subject: string): Finding {
  return {
    ...{ state: 'wrong', subject, what: 'is owed: the consumer was not reached' },
    why: 'it is kept below .oss-direct/owed/ until the sweep delivers it; uploads pile up meanwhile',
    fix: 'check EVENT_FUNCTION or EVENT_WEBHOOK_URL, the log of upload-callback, and that the role may invoke it',
  }
}

function lost(subject: string, state: State, ms: number): Finding {
  const what =
    state === 'claimed'
      ? `was claimed, but not delivered within ${ms / 1000} s`
      : `is not in the ledger after ${ms / 1000} s`
  return {
    ...{ state: 'wrong', subject, what },
    why: 'the application does not hear of uploads',
    fix: 'look at the log of upload-callback, and that LEDGER is oss',
  }
}

// With CONFIRM_UPLOADS=off an upload has neither metadata nor time.
async function idsOf(key: string, { objects }: EventOptions): Promise<string[]> {
  const { res } = await objects.head(key)
  const headers = res.headers as Record<string, string | undefined>
  const stored = {
    ...{ bucket: bucketOf(objects), key, size: Number(headers['content-length']) },
    ...{ etag: unquote(headers.etag ?? ''), contentType: headers['content-type'] ?? '' },
  }
  const uploadedAt = toIsoTime(Date.parse(headers['last-modified'] ?? '') / 1000)
  return [
    uploadId({ ...stored, metadata: metadataOf(headers), uploadedAt }),
    uploadId({ ...stored, metadata: {} }),
  ]
}

function bucketOf(client: OSS): string {
  return (client as unknown as { options: { bucket: string } }).options.bucket
}

async function waitFor(ids: readonly string[], options: EventOptions): Promise<State> {
  const until = Date.now() + options.eventMs
  for (;;) {
    const states = await Promise.all(ids.map((id) => readState(id, options)))
    const state = states.find((each) => each !== 'none') ?? 'none'
    if (state === 'delivered' || Date.now() >= until) return state
    await wait(POLL_MS)
  }
}

async function readState(id: string, { client }: EventOptions): Promise<State> {
  try {
    const { content } = await client.get(`${LEDGER_PREFIX}${id}`)
    const { isSettled } = Object(parseJson(String(content))) as { isSettled?: unknown }
    return isSettled === true ? 'delivered' : 'claimed'
  } catch (error) {
    if ((error as { code?: string }).code === 'NoSuchKey') return 'none'
    throw error
  }
}

async function isKept(ids: readonly string[], { client }: EventOptions): Promise<boolean> {
  let token: string | undefined
  do {
    const query = {
      prefix: OWED_PREFIX,
      'max-keys': '1000',
      ...(token && { 'continuation-token': token }),
    }
    const page = await client.listV2(query as never, {})
    const names = (page.objects ?? []).map(({ name }) => name)
    if (names.some((name) => ids.some((id) => name.endsWith(`-${id}`)))) return true
    token = page.nextContinuationToken
  } while (token)
  return false
}
