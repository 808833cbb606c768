import { Refusal } from '../errors'
import type { HttpRequest } from '../http/message'
import { findNameProblem } from '../policy/name'
import {
  findOwner,
  findTicketRule,
  isOwnedBy,
  type Owner,
  type UploadingRule,
} from '../policy/owner'
import { type TicketKeys, verifyTicket } from '../policy/signed-ticket'
import type { Ticket } from '../policy/ticket'
import type { Rules } from '../rules/rules'
import { fitsTemplate } from '../rules/template'
import type { Upload } from '../rules/upload'
import { parseCallback } from './body'
import { checkClaims } from './claims'
import { confirmUpload } from './confirm'
import { checkContent } from './content'
import type { CallbackKeys } from './keys'
import type { CreatedObject } from './oss-events'
import { checkGranted, checkLimits } from './stored-checks'
import { headObject, type OssAccess, unconfirmed } from './stored-object'
import { toTriggerUpload, toUpload } from './upload'
import { verifyCallbackSignature } from './verify'

/** The current rules and deny list and the access to OSS that a proof requires. */
export type ProofContext = {
  rules: Rules
  /** The bucket of rules that name none. */
  bucket: string
  /** Returns the subjects whose uploads are refused; may read the bucket. */
  readDeniedSubs: () => Promise<ReadonlySet<string>>
  /** Unix seconds. */
  now: number
  /** Returns the access to a bucket; absent if `CONFIRM_UPLOADS` is off. */
  accessOf?: (bucket: string) => OssAccess
}

/** The path, keys and secrets that a proof by callback requires in addition. */
export type CallbackContext = ProofContext & {
  callbackPath: string
  keys: CallbackKeys
  ticketKeys: TicketKeys
}

/** A proven upload, its rule, and the id of the ticket in its callback. */
export type ProvenUpload = { upload: Upload; rule: UploadingRule; ticketId?: string }

/** Proves an upload by OSS's callback; throws a refusal unless ticket, signature, rule and stored object match. */
export async function proveUpload(
  request: HttpRequest,
  context: CallbackContext,
): Promise<ProvenUpload> {
  const callback = parseCallback(request.body)
  // The ticket is verified first, because it requires neither a key nor a request.
  const ticket = readTicket(callback.ticket, context)
  await verifyCallbackSignature(request, context)
  const rule = await checkStillAllowed(ticket, context)
  checkClaims(callback, ticket)
  checkKey(callback.object, fitsTemplate(rule.template, ticket.sub, callback.object))
  const access = context.accessOf?.(ticket.bucket)
  const stored = access ? await confirmUpload(callback, ticket, access) : unconfirmed(callback)
  checkGranted(stored, ticket)
  checkLimits(stored, rule.upload)
  if (access && rule.upload.sniff) await checkContent(callback.object, stored, access)
  return { rule, upload: toUpload(callback, ticket, stored), ticketId: ticket.id }
}

/**
 * Proves an upload that OSS's trigger reports by its key, rule and stored object; returns the reason if it is not an
 * upload of a rule.
 */
export async function proveCreated(
  created: CreatedObject,
  context: ProofContext,
): Promise<ProvenUpload | { ignored: string }> {
  const owner = findOwner(context.rules, created, context.bucket)
  if (!owner) return { ignored: 'under no rule' }
  try {
    return await proveOwned(created, owner, context)
  } catch (error) {
    if (error instanceof Refusal && DISPROOFS.includes(error.reason)) {
      return { ignored: error.reason }
    }
    throw error
  }
}

// These results are final. After any other error the event is still to be published.
const DISPROOFS: readonly string[] = [
  'uploader_denied',
  'object_mismatch',
  'upload_size',
  'upload_type',
  'upload_name',
]

// A key does not contain what was granted, so the object is checked against the limits of the rule.
async function proveOwned(
  created: CreatedObject,
  owner: Owner,
  context: ProofContext,
): Promise<ProvenUpload> {
  const { bucket, key, reported } = created
  const { rule, sub } = owner
  if (isOwnedBy(owner, await context.readDeniedSubs())) throw new Refusal('uploader_denied')
  checkKey(key, true)
  const access = context.accessOf?.(bucket)
  const stored = access ? await headObject(key, access) : reported
  if (stored.etag !== reported.etag) throw new Refusal('object_mismatch')
  checkLimits(stored, rule.upload)
  if (access && rule.upload.sniff) await checkContent(key, stored, access)
  const facts = { rule: rule.name, ...(sub !== undefined && { sub }) }
  return { rule, upload: toTriggerUpload(created, facts, stored) }
}

function readTicket(text: string, { ticketKeys, now }: CallbackContext): Ticket {
  return verifyTicket(text, { ...ticketKeys, now, use: ['url', 'form', 'sts', 'multipart'] })
}

// A ticket outlives its grant by hours, in which the caller can be denied and the rule can change.
async function checkStillAllowed(ticket: Ticket, context: ProofContext): Promise<UploadingRule> {
  const deniedSubs = await context.readDeniedSubs()
  if (deniedSubs.has(ticket.sub)) throw new Refusal('uploader_denied')
  const rule = findTicketRule(context.rules, ticket, context.bucket)
  if (rule === undefined) throw new Refusal('rule_withdrawn')
  return rule
}

// Before HeadObject: with dot segments in the key, the requested object would differ from the signed one.
function checkKey(key: string, isOfTemplate: boolean): void {
  if (!isOfTemplate || findNameProblem(key) !== undefined) throw new Refusal('upload_name')
}
