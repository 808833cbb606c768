import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { Rule } from '../rules/rule'
import type { Mechanism } from '../rules/rule-input'
import type { Rules } from '../rules/rules'

/** What a decision depends on beside caller and request. */
export type DecideContext = {
  rules: Rules
  /** For rules that name none. */
  bucket: string
  /** Unix seconds. */
  now: number
  uuid: () => string
  /** Where the caller is; rules that bind STS credentials to it refuse without. */
  sourceIp?: string
}

/** A normalised request that the rule's `allow` has let pass. */
export type PermitInput<Request> = {
  caller: Caller
  request: Request
  rule: Rule
  context: DecideContext
}

/** Refuses a mechanism that the rule does not use. */
export function checkMechanism(
  { name }: Rule,
  mechanisms: readonly Mechanism[],
  mechanism: Mechanism,
): void {
  if (!mechanisms.includes(mechanism)) {
    throw new Refusal('mechanism_not_allowed', { rule: name, mechanisms })
  }
}
