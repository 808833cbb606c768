import type { Caller } from '../auth/caller'
import { Refusal } from '../errors'
import type { Mechanism, Rule } from '../rules/rule'
import type { Rules } from '../rules/rules'

/** The input of a decision in addition to caller and request. */
export type DecideContext = {
  rules: Rules
  /** The bucket of rules that name none. */
  bucket: string
  /** Unix seconds. */
  now: number
  uuid: () => string
  /** The IP address of the caller; rules that bind STS credentials to it refuse a request without it. */
  sourceIp?: string
}

/** A normalised request that the rule's `allow` has accepted. */
export type PermitInput<Request> = {
  caller: Caller
  request: Request
  rule: Rule
  context: DecideContext
}

/** Throws `mechanism_not_allowed` for a mechanism that the rule does not use. */
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
 * Returns the expiry of a grant in Unix seconds: after `seconds`, or with the caller's token if the rule has `withinToken`.
 * Throws `token_expired` if less than `minSeconds` is left, so that the client requests again with a new token.
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
