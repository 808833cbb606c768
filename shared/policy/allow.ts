import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { AllowRequest } from '../rules/requests'
import type { Rule } from '../rules/rule'

/** Asks the rule's `allow` about a normalised request, of which it can change nothing; throws unless it answers `true`. */
export async function checkAllowed(
  caller: Caller,
  request: AllowRequest,
  { allow }: Rule,
): Promise<void> {
  if (allow === undefined) return
  let answer: unknown
  try {
    answer = await allow(Object.freeze({ ...caller }), toHeard(request))
  } catch (cause) {
    throw new Refusal('allow_failed', {}, { cause })
  }
  if (answer !== true) throw new Refusal('caller_not_allowed')
}

// Browsers go by the type's name alone, so a rule that compares it must not be told of parameters.
function toHeard(request: AllowRequest): AllowRequest {
  if (!('contentType' in request)) return request
  const contentType = request.contentType.replace(/[; \t].*/s, '')
  return Object.freeze({ ...request, contentType })
}
