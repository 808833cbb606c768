import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { AllowRequest } from '../rules/requests'
import type { Rule } from '../rules/rule'

/**
 * Calls the rule's `allow` with a frozen, normalised request; throws `caller_not_allowed` unless it returns `true`,
 * `allow_failed` if it throws.
 */
export async function checkAllowed(
  caller: Caller,
  request: AllowRequest,
  { allow }: Rule,
): Promise<void> {
  if (allow === undefined) return
  let result: unknown
  try {
    result = await allow(Object.freeze({ ...caller }), toAllowRequest(request))
  } catch (cause) {
    throw new Refusal('allow_failed', {}, { cause })
  }
  if (result !== true) throw new Refusal('caller_not_allowed')
}

// Browsers ignore the parameters of a type, so a rule that compares types must not see them.
function toAllowRequest(request: AllowRequest): AllowRequest {
  if (!('contentType' in request) || request.contentType === undefined) return request
  const contentType = request.contentType.replace(/[; \t].*/s, '')
  return Object.freeze({ ...request, contentType })
}
