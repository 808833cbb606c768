import { Refusal } from '../errors'
import { isContentTypeAllowed } from '../rules/content-type'
import type { PrefixFormRequest } from '../rules/requests'
import { opensNames } from '../rules/rights'
import type { UploadRule } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import { MAX_OBJECT_BYTES } from '../signing/limits'
import type { PrefixFormGrant } from './grant'
import { buildPrefix } from './key'
import { checkMechanism, type PermitInput, toExpiry } from './permit'
import { checkSize } from './permit-upload'

/** Returns the grant of a form whose client names the objects; throws a refusal if the rule does not allow it. */
export function permitPrefixForm(input: PermitInput<PrefixFormRequest>): PrefixFormGrant {
  const { caller, request, rule, context } = input
  const { upload } = rule
  if (upload === undefined) throw new Refusal('operation_not_allowed')
  checkMechanism(rule, upload.mechanisms, 'form')
  if (!opensNames(rule)) {
    throw toMalformed(
      'filename',
      "is missing; a form without it requires unenforced: { form: ['name'] } in the rule",
    )
  }
  const { contentType, contentLength } = request
  const maxBytes = Math.min(upload.maxBytes, MAX_OBJECT_BYTES)
  checkType(contentType, upload)
  checkSize({ operation: 'form', contentLength }, { ...upload, maxBytes })
  return {
    kind: 'prefix-form',
    rule: rule.name,
    sub: caller.sub,
    bucket: rule.bucket ?? context.bucket,
    prefix: buildPrefix(rule.template, caller.sub, context.now),
    ...(contentType !== undefined && { contentType }),
    minBytes: contentLength ?? upload.minBytes,
    maxBytes: contentLength ?? maxBytes,
    overwrite: upload.overwrite,
    headers: upload.headers,
    expiresAt: toExpiry(input, upload.ttlSeconds),
  }
}

function checkType(contentType: string | undefined, upload: UploadRule): void {
  const { contentTypes, unenforced } = upload
  if (contentType !== undefined) {
    if (isContentTypeAllowed(contentType, contentTypes)) return
    throw new Refusal('file_type_not_allowed', { contentTypes })
  }
  if (contentTypes.includes('*/*') || unenforced.form?.includes('contentType')) return
  throw toMalformed(
    'contentType',
    "is missing; a form without it requires unenforced: { form: ['contentType'] } in the rule",
  )
}
