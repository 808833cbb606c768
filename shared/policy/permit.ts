import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { Mechanism, Rule } from '../rules/rule'
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

/**
 * When a grant of this rule ends: after so many seconds, or with the caller's token where the rule says so. Throws
 * `token_expired` where that leaves less than `minSeconds`, so that the client comes back with a fresh token.
 */
export function toExpiry(
  { caller, rule, context }: PermitInput<unknown>,
  seconds: number,
  minSeconds = 1,
): number {
  const { now } = context
  if (!rule.withinToken) return now + seconds
  const expiresAt = Math.min(now + seconds, caller.expiresAt ?? now)
  if (expiresAt - now < minSeconds) throw new Refusal('token_expired')
  return expiresAt
}
