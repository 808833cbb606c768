import { signal, useComputed } from '@preact/signals'
import { useEffect, useMemo } from 'preact/hooks'
import { clientFor } from '../session/session'
import type { Phase, Transfer } from '../upload/transfer'
import { type Inspected, type Inspection, inspectKey, type Limit, loadLimits } from './local'
import { readStory, type Story } from './story'

/** What is known of a transfer: by the page, and by the local cloud. */
export interface Known {
  transfer: Transfer
  phase: Phase
  story: Story
  /** The requests of this transfer as OSS saw them. */
  seen: readonly Inspected[]
  event: Inspection['event']
  limits: readonly Limit[]
  /** Set where the local cloud does not answer. */
  isBlind: boolean
}

const EVENT_TRIES = 12
const EVENT_MS = 400
const NOTHING: Inspection = { requests: [], event: undefined }

/** Watches a transfer and asks the local cloud at each step, until its event is there. */
export function useKnown(transfer: Transfer): Known {
  const found = useMemo(() => signal<Inspection | undefined>(NOTHING), [transfer])
  const limits = useMemo(() => signal<readonly Limit[]>([]), [transfer])
  // Not the whole state, which changes with every byte.
  const phase = useComputed(() => transfer.state.value.phase).value
  useEffect(() => {
    loadLimits(transfer.rule).then(
      (loaded) => {
        limits.value = loaded
      },
      // `found` tells that the local cloud does not answer.
      () => undefined,
    )
  }, [transfer])
  useEffect(() => {
    const stops = new AbortController()
    void follow(transfer, stops.signal, (inspection) => {
      found.value = inspection
    })
    return () => stops.abort()
  }, [transfer, phase])
  const story = readTransfer(transfer)
  const { requests, event } = found.value ?? NOTHING
  return {
    ...{ transfer, phase, story, event, limits: limits.value },
    seen: ownRequests(story, requests),
    isBlind: found.value === undefined,
  }
}

/** Reads what the page itself knows of a transfer. */
function readTransfer({ trace, way }: Transfer): Story {
  return readStory(trace.exchanges.value, way === 'sts')
}

async function follow(
  transfer: Transfer,
  signal: AbortSignal,
  tell: (inspection: Inspection | undefined) => void,
): Promise<void> {
  const key = await keyOf(transfer)
  for (let tries = 0; key && tries < EVENT_TRIES && !signal.aborted; tries++) {
    const inspection = await inspectKey(key).catch(() => undefined)
    if (signal.aborted) return
    const etag = transfer.uploaded.value?.etag
    const isOwn = inspection?.event !== undefined && inspection.event.event.data.etag === etag
    tell(inspection && { ...inspection, event: isOwn ? inspection.event : undefined })
    // The event of an upload that is not proven may still come by the trigger.
    if (transfer.state.peek().phase !== 'done' || isOwn) return
    await new Promise((resolve) => setTimeout(resolve, EVENT_MS))
  }
}

// Of an upload by STS the page has no requests; the client keeps the credentials that it lent.
async function keyOf(transfer: Transfer): Promise<string | undefined> {
  const known = transfer.uploaded.value?.key ?? readTransfer(transfer).key
  if (known || transfer.way !== 'sts') return known
  return clientFor(transfer.user)
    .credentials(transfer.rule, 'write')
    .then(
      ({ prefix }) => `${prefix}${transfer.path}`,
      () => undefined,
    )
}

const WRITES = ['PutObject', 'PostObject', 'UploadPart', 'CompleteMultipartUpload']
const BEGIN = 'InitiateMultipartUpload'

/** Returns those requests about a key that belong to this transfer. @internal */
export function ownRequests(story: Story, requests: readonly Inspected[]): Inspected[] {
  if (story.way !== 'sts') {
    const ids = story.sends.map(({ response }) => response?.headers['x-oss-request-id'])
    return requests.filter(({ requestId }) => ids.includes(requestId))
  }
  const writes = requests.filter(({ operation }) => [...WRITES, BEGIN].includes(operation))
  const last = writes.at(-1)
  if (last?.operation === 'PutObject') return [last]
  return writes.slice(
    Math.max(
      0,
      writes.findLastIndex(({ operation }) => operation === BEGIN),
    ),
  )
}
