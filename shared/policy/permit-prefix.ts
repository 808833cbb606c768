import { Refusal } from '../errors'
import type { Access, StsRequest } from '../rules/requests'
import { MIN_SESSION_SECONDS } from '../rules/rule'
import { toMalformed } from '../schema/issues'
import type { PrefixGrant } from './grant'
import { toSessionSeconds } from './lifetime'
import { checkMechanism, type PermitInput, toExpiry } from './permit'
import { toPrefixGrant } from './prefix-grant'

const SIDES = {
  read: ['download'],
  write: ['upload'],
  'read-write': ['upload', 'download'],
} as const satisfies Record<Access, readonly ('upload' | 'download')[]>

/** Returns the grant of STS credentials; throws a refusal if the rule does not allow it. */
export function permitPrefix(input: PermitInput<StsRequest>): PrefixGrant {
  const { caller, request, rule, context } = input
  const parts = SIDES[request.access].map((side) => {
    const part = rule[side]
    if (part === undefined) throw new Refusal('operation_not_allowed')
    checkMechanism(rule, part.mechanisms, 'sts')
    return part
  })
  if (rule.upload?.bindSourceIp && !context.sourceIp) throw new Refusal('caller_not_allowed')
  const ttlSeconds = Math.min(...parts.map((part) => part.ttlSeconds))
  const maxSeconds = toExpiry(input, ttlSeconds, MIN_SESSION_SECONDS) - context.now
  const requestedSeconds = request.durationSeconds ?? maxSeconds
  if (requestedSeconds > maxSeconds) {
    throw toMalformed('durationSeconds', `must be at most ${maxSeconds} for this rule`)
  }
  const { sub } = caller
  const durationSeconds = toSessionSeconds(requestedSeconds, maxSeconds)
  return toPrefixGrant(rule, { ...context, sub, access: request.access, durationSeconds })
}
