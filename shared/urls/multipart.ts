import type { Caller } from '../auth/caller'
import { encodedCallback } from '../callback/parameter'
import { clientTarget, decideContext, type Env } from '../env/env'
import { Refusal } from '../errors'
import { type Begun, decide, decideBegun } from '../policy/decide'
import type { UploadGrant } from '../policy/grant'
import { lifetime } from '../policy/lifetime'
import type { PartsWish } from '../policy/parts-request'
import { putHeaders } from '../policy/put-headers'
import type { MultipartWish } from '../policy/request'
import { signTicket, type Ticket, toMultipartTicket, verifyTicket } from '../policy/ticket'
import { toMalformed } from '../schema/issues'
import {
  MAX_PARTS,
  type MultipartPlan,
  planParts,
  signAbort,
  signComplete,
  signInitiate,
  signList,
  signParts,
  toPlan,
} from '../signing/multipart'
import { toIsoTime } from '../time'
import type { TakeParts } from './batch'
import { signer } from './object'

// As many parts as a client sends in the life of a URL, usually; it asks again for the next.
const WINDOW = 100

/** Answers a wish to put one object in parts: the plan, a ticket to ask for parts with, and the request that begins it. */
export async function answerMultipart(caller: Caller, wish: MultipartWish, env: Env) {
  const grant = await decide(caller, wish, decideContext(env))
  const { contentLength = wish.contentLength, ...object } = grant
  const { partSize, partCount } = planOf(contentLength, grant.partBytes)
  const { now, settings } = env
  const plan = { id: env.uuid(), contentLength, partSize, now }
  const ticket = toMultipartTicket(grant, plan)
  const life = lifetime({ now, expiresAt: grant.expiresAt })
  return {
    key: grant.key,
    ticket: signTicket(ticket, settings.ticketSecrets),
    partSize,
    partCount,
    initiate: signInitiate({
      ...signer(life, env),
      target: clientTarget(env, grant.bucket),
      key: grant.key,
      ...putHeaders(object),
    }),
    expiresAt: toIsoTime(life.expiresAt),
    ticketExpiresAt: toIsoTime(ticket.expiresAt),
  }
}

type Asked = { env: Env; takeParts: TakeParts }

/** Answers a wish for the URLs of an upload's parts, and for those that list, complete and abort it. */
export async function answerParts(caller: Caller, wish: PartsWish, { env, takeParts }: Asked) {
  const { begun, plan } = readTicket(caller, wish.ticket, env)
  const partNumbers = numbersOf(wish, plan)
  takeParts(partNumbers.length)
  // The ticket lives for a day; what its caller may do can end before.
  const { bucket, key, overwrite, expiresAt } = await decideBegun(caller, begun, decideContext(env))
  const { now, settings } = env
  const { uploadId } = wish
  const life = lifetime({ now, expiresAt })
  const order = { ...signer(life, env), target: clientTarget(env, bucket), key, uploadId }
  const callback = encodedCallback({ url: settings.callbackUrl, ticket: wish.ticket })
  return {
    parts: signParts({ ...order, plan, partNumbers }),
    list: signList(order),
    complete: signComplete({ ...order, callback, overwrite }),
    abort: signAbort(order),
    expiresAt: toIsoTime(life.expiresAt),
  }
}

function planOf(contentLength: number, partBytes: UploadGrant['partBytes']): MultipartPlan {
  const plan = partBytes === undefined ? planParts(contentLength) : toPlan(contentLength, partBytes)
  if (plan.partCount <= MAX_PARTS) return plan
  throw new Refusal('file_too_large', { maxBytes: plan.partSize * MAX_PARTS })
}

type Upload = { begun: Begun; plan: MultipartPlan }

// To a caller all that can be wrong with a ticket is one thing, and another caller's is no better than none.
function readTicket(caller: Caller, text: string, { settings, now }: Env): Upload {
  const ticket = openTicket(text, { secrets: settings.ticketSecrets, now, use: ['multipart'] })
  const { sub, rule, maxBytes: contentLength, partSize } = ticket
  const [contentType] = ticket.contentTypes
  if (sub !== caller.sub || !('key' in ticket) || !contentType || partSize === undefined) {
    throw new Refusal('upload_ticket')
  }
  const begun = { rule, key: ticket.key, contentType, contentLength }
  return { begun, plan: toPlan(contentLength, partSize) }
}

function openTicket(...given: Parameters<typeof verifyTicket>): Ticket {
  try {
    return verifyTicket(...given)
  } catch (cause) {
    if (cause instanceof Refusal) throw new Refusal('upload_ticket', {}, { cause })
    throw cause
  }
}

function numbersOf({ partNumbers }: PartsWish, { partCount }: MultipartPlan): readonly number[] {
  if (partNumbers === undefined) {
    return Array.from({ length: Math.min(partCount, WINDOW) }, (_, index) => index + 1)
  }
  const wrong = partNumbers.findIndex((partNumber) => partNumber > partCount)
  if (wrong < 0) return partNumbers
  throw toMalformed(`partNumbers.${wrong}`, `must be at most ${partCount}`)
}
