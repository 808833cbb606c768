import { Refusal } from '../errors'
import { isContentTypeAllowed } from '../rules/content-type'
import type { UploadRequest } from '../rules/requests'
import type { Mechanism, Rule, UploadRule } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import { MAX_MULTIPART_BYTES, MAX_OBJECT_BYTES } from '../signing/limits'
import type { UploadGrant } from './grant'
import { buildKey } from './key'
import { toMetadataHeaders } from './metadata'
import { checkMechanism, type PermitInput, toExpiry } from './permit'

const MECHANISMS = {
  put: 'url',
  multipart: 'url',
  form: 'form',
} as const satisfies Record<UploadRequest['operation'], Mechanism>

/**
 * Returns the grant of one upload; `begunKey` is the key of an upload that was started before. Throws a refusal if the
 * rule does not allow it.
 */
export function permitUpload(input: PermitInput<UploadRequest>, begunKey?: string): UploadGrant {
  const { caller, request, rule, context } = input
  const { upload } = rule
  if (upload === undefined) throw new Refusal('operation_not_allowed')
  const mechanism = MECHANISMS[request.operation]
  checkMechanism(rule, upload.mechanisms, mechanism)
  const maxBytes = maxBytesOf(request, upload)
  checkUpload(request, upload, maxBytes)
  const contentMd5 = request.operation === 'put' ? request.contentMd5 : undefined
  const partBytes = request.operation === 'multipart' ? upload.multipart?.partBytes : undefined
  const { sub } = caller
  const { bucket, now, uuid } = context
  const { contentLength } = request
  return {
    kind: 'upload',
    mechanism,
    rule: rule.name,
    sub,
    bucket: rule.bucket ?? bucket,
    key:
      begunKey ?? buildKey(rule.template, { sub, filename: request.filename, uuid: uuid(), now }),
    contentType: request.contentType,
    // `allow` accepted exactly this size: the range of the rule would accept others.
    minBytes: contentLength ?? upload.minBytes,
    maxBytes: contentLength ?? maxBytes,
    ...(contentLength !== undefined && { contentLength }),
    ...(contentMd5 !== undefined && { contentMd5 }),
    overwrite: upload.overwrite,
    ...(partBytes !== undefined && { partBytes }),
    ...(isDecidedAgain(request, rule) && { filename: request.filename }),
    headers: { ...upload.headers, ...toMetadataHeaders(request.metadata, upload) },
    expiresAt: toExpiry(input, upload.ttlSeconds),
  }
}

// `allow` receives the same file name each time; a key without {path} does not contain it.
function isDecidedAgain({ operation }: UploadRequest, { allow, template }: Rule): boolean {
  return operation === 'multipart' && allow !== undefined && !template.text.endsWith('{path}')
}

function maxBytesOf({ operation }: UploadRequest, { isSized, maxBytes }: UploadRule): number {
  if (operation !== 'multipart') return Math.min(maxBytes, MAX_OBJECT_BYTES)
  return isSized ? maxBytes : MAX_MULTIPART_BYTES
}

function checkUpload(request: UploadRequest, upload: UploadRule, maxBytes: number): void {
  const { contentTypes, needsMd5, multipart, minBytes, isSized } = upload
  if (request.operation === 'multipart' && multipart === undefined) {
    throw new Refusal('operation_not_allowed')
  }
  if (!isContentTypeAllowed(request.contentType, contentTypes)) {
    throw new Refusal('file_type_not_allowed', { contentTypes })
  }
  checkSize(request, { minBytes, maxBytes, isSized })
  if (needsMd5 && request.operation === 'put' && request.contentMd5 === undefined) {
    throw toMalformed('contentMd5', 'is missing; this rule requires it')
  }
}

type SizedRequest = Pick<UploadRequest, 'operation'> & { contentLength?: number | undefined }

/** Checks the size of a file against its rule; throws a refusal if the rule does not allow it. */
// A URL can sign one exact size and no range (OSS: V4 signature, additional headers).
export function checkSize(
  { operation, contentLength }: SizedRequest,
  { minBytes, maxBytes, isSized }: Pick<UploadRule, 'minBytes' | 'maxBytes' | 'isSized'>,
): void {
  if (contentLength === undefined) {
    if (operation === 'form' || !isSized) return
    throw toMalformed('contentLength', 'is missing; this rule limits sizes')
  }
  if (contentLength > maxBytes) throw new Refusal('file_too_large', { maxBytes })
  if (contentLength < minBytes) throw new Refusal('file_too_small', { minBytes })
}
