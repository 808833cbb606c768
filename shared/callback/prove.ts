import { Refusal } from '../errors'
import type { HttpRequest } from '../http/message'
import { isMetadataAllowed } from '../policy/metadata'
import { findOwner } from '../policy/owner'
import { verifyTicket } from '../policy/ticket'
import { isContentTypeAllowed } from '../rules/content-type'
import type { Rule, UploadRule } from '../rules/rule'
import type { Rules } from '../rules/rules'
import type { Upload } from '../rules/upload'
import { parseCallback } from './body'
import { checkClaims } from './claims'
import { confirmUpload } from './confirm'
import type { CallbackKeys } from './keys'
import type { CreatedObject } from './oss-events'
import { headObject, type OssAccess, type StoredObject, unconfirmed } from './stored-object'
import { toTriggerUpload, toUpload } from './upload'
import { verifyCallbackSignature } from './verify'

/** What a proof needs: the rules as they are now, the secrets and keys, and OSS itself. */
export type ProofContext = {
  rules: Rules
  /** For rules that name none. */
  bucket: string
  callbackPath: string
  keys: CallbackKeys
  ticketSecrets: readonly string[]
  /** Unix seconds. */
  now: number
  /** Absent where `CONFIRM_UPLOADS` is off. */
  accessOf?: (bucket: string) => OssAccess
}

/** An upload that was proven, and its rule. */
export type ProvenUpload = { upload: Upload; rule: Rule | undefined }

/** Proves an upload by OSS's callback: signature, ticket and stored object agree, or it is refused. */
export async function proveUpload(
  request: HttpRequest,
  context: ProofContext,
): Promise<ProvenUpload> {
  const { rules, ticketSecrets: secrets, now, accessOf } = context
  await verifyCallbackSignature(request, context)
  const callback = parseCallback(request.body)
  const ticket = verifyTicket(callback.ticket, {
    secrets,
    now,
    use: ['url', 'form', 'sts', 'multipart'],
  })
  checkClaims(callback, ticket)
  const stored = accessOf
    ? await confirmUpload(callback, ticket, accessOf(ticket.bucket))
    : unconfirmed(callback)
  const rule = rules.get(ticket.rule)
  // Forms and STS can add names that the rule does not have; only the stored object shows them.
  if (rule?.upload && !isMetadataAllowed(stored.metadata, rule.upload)) {
    throw new Refusal('object_mismatch')
  }
  return { rule, upload: toUpload(callback, ticket, stored) }
}

/** Proves an upload that OSS's trigger reports by its key, its rule and the stored object, or says why it is none. */
export async function proveCreated(
  created: CreatedObject,
  context: ProofContext,
): Promise<(ProvenUpload & { rule: Rule }) | { ignored: string }> {
  const owner = findOwner(context.rules, created, context.bucket)
  if (!owner?.rule.upload) return { ignored: 'under no rule' }
  const { rule, sub } = owner
  const stored = await findStored(created, context)
  if (stored?.etag !== created.reported.etag) return { ignored: 'deleted or replaced since' }
  if (!isWithin(stored, owner.rule.upload)) return { ignored: 'outside the limits of its rule' }
  const facts = { rule: rule.name, ...(sub !== undefined && { sub }) }
  return { rule, upload: toTriggerUpload(created, facts, stored) }
}

async function findStored(
  { bucket, key, reported }: CreatedObject,
  { accessOf }: ProofContext,
): Promise<StoredObject | undefined> {
  if (!accessOf) return reported
  return headObject(key, accessOf(bucket)).catch((error: unknown) => {
    if (error instanceof Refusal && error.reason === 'object_mismatch') return undefined
    throw error
  })
}

// A key says nothing of what was granted, so the rule's own limits are held against the object.
function isWithin(stored: StoredObject, upload: UploadRule): boolean {
  const { size, contentType, metadata } = stored
  const { minBytes, maxBytes, isSized, contentTypes } = upload
  return (
    (!isSized || (size >= minBytes && size <= maxBytes)) &&
    isContentTypeAllowed(contentType, contentTypes) &&
    isMetadataAllowed(metadata, upload)
  )
}
