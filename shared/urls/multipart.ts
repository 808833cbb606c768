import type { Caller } from '../auth/caller'
import { encodedCallback } from '../callback/parameter'
import { Refusal } from '../errors'
import { type BegunUpload, decideBegunUpload, decideUpload } from '../policy/decide'
import type { UploadGrant } from '../policy/grant'
import { MAX_REQUESTED_PARTS, type PartsRequest } from '../policy/parse-request'
import { putHeaders } from '../policy/put-headers'
import { signTicket, verifyTicket } from '../policy/signed-ticket'
import { type Ticket, toMultipartTicket } from '../policy/ticket'
import type { MultipartRequest } from '../rules/requests'
import { toMalformed } from '../schema/issues'
import { MAX_PARTS } from '../signing/limits'
import {
  type MultipartPlan,
  planParts,
  signAbort,
  signComplete,
  signInitiate,
  signLists,
  signParts,
  toPlan,
} from '../signing/multipart'
import { withBucket } from '../signing/target'
import { toIsoTime } from '../time'
import { toSigner, type UrlContext } from './context'

// Usually as many parts as a client sends in the lifetime of a URL; it requests the next ones later.
const WINDOW = 100

/** Plans a multipart upload: its parts, a ticket for requesting their URLs, and the signed request that starts it. */
export async function signMultipart(
  caller: Caller,
  request: MultipartRequest,
  context: UrlContext,
) {
  const grant = await decideUpload(caller, request, context)
  const { contentLength = request.contentLength, ...object } = grant
  const { partSize, partCount } = planOf(contentLength, grant.partBytes)
  const { now, uuid, ticketKeys } = context
  const ticket = toMultipartTicket(grant, { id: uuid(), contentLength, partSize, now })
  const life = { signedAt: now, expiresAt: grant.expiresAt }
  return {
    key: grant.key,
    ticket: signTicket(ticket, ticketKeys),
    partSize,
    partCount,
    initiate: signInitiate({
      ...toSigner(life, context),
      target: withBucket(context.target, grant.bucket),
      key: grant.key,
      ...putHeaders(object),
    }),
    expiresAt: toIsoTime(grant.expiresAt),
    ticketExpiresAt: toIsoTime(ticket.expiresAt),
  }
}

/** Signs the URLs of the parts of an upload, and those that list, complete and abort it. */
export async function signMultipartParts(
  caller: Caller,
  request: PartsRequest,
  context: UrlContext & { takeParts: TakeParts },
) {
  const { begun, plan } = readTicket(caller, request.ticket, context)
  const partNumbers = numbersOf(request, plan)
  context.takeParts(partNumbers.length)
  // The ticket lives for a day; its caller can lose the right before.
  const { bucket, key, overwrite, expiresAt } = await decideBegunUpload(caller, begun, context)
  const { uploadId, ticket } = request
  const signer = toSigner({ signedAt: context.now, expiresAt }, context)
  const upload = { ...signer, target: withBucket(context.target, bucket), key, uploadId }
  const callback = encodedCallback({ url: context.callbackUrl, ticket })
  const lists = signLists({ ...upload, partCount: plan.partCount })
  return {
    parts: signParts({ ...upload, plan, partNumbers }),
    list: lists[0],
    lists,
    complete: signComplete({ ...upload, callback, overwrite }),
    abort: signAbort(upload),
    expiresAt: toIsoTime(expiresAt),
  }
}

/** Takes this many parts of those that one HTTP request may contain; refuses more than are left. */
export type TakeParts = (count: number) => void

/** Creates the counter of the parts in one HTTP request, over its whole batch, because their URLs must fit one response. */
export function limitParts(): TakeParts {
  let left = MAX_REQUESTED_PARTS
  return (count) => {
    if (count > left) {
      const most = `one request may contain at most ${MAX_REQUESTED_PARTS} parts`
      throw toMalformed('partNumbers', `must be at most ${left} entries long here: ${most}`)
    }
    left -= count
  }
}

function planOf(contentLength: number, partBytes: UploadGrant['partBytes']): MultipartPlan {
  const plan = partBytes === undefined ? planParts(contentLength) : toPlan(contentLength, partBytes)
  if (plan.partCount <= MAX_PARTS) return plan
  throw new Refusal('file_too_large', { maxBytes: plan.partSize * MAX_PARTS })
}

type PlannedUpload = { begun: BegunUpload; plan: MultipartPlan }

// A caller sees the same error for every invalid ticket, including the ticket of another caller.
function readTicket(caller: Caller, text: string, context: UrlContext): PlannedUpload {
  const { ticketKeys, now } = context
  const ticket = openTicket(text, { ...ticketKeys, now, use: ['multipart'] })
  const { sub, rule, maxBytes: contentLength, partSize } = ticket
  const [contentType] = ticket.contentTypes
  if (sub !== caller.sub || !('key' in ticket) || !contentType || partSize === undefined) {
    throw new Refusal('upload_ticket')
  }
  const { key, filename } = ticket
  const begun = { rule, key, contentType, contentLength, ...(filename && { filename }) }
  return { begun, plan: toPlan(contentLength, partSize) }
}

function openTicket(...input: Parameters<typeof verifyTicket>): Ticket {
  try {
    return verifyTicket(...input)
  } catch (cause) {
    if (cause instanceof Refusal) throw new Refusal('upload_ticket', {}, { cause })
    throw cause
  }
}

function numbersOf({ partNumbers }: PartsRequest, { partCount }: MultipartPlan): readonly number[] {
  if (partNumbers === undefined) {
    return Array.from({ length: Math.min(partCount, WINDOW) }, (_, index) => index + 1)
  }
  const wrong = partNumbers.findIndex((partNumber) => partNumber > partCount)
  if (wrong < 0) return partNumbers
  throw toMalformed(`partNumbers.${wrong}`, `must be at most ${partCount}`)
}
