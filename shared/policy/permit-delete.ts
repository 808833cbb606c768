import { Refusal } from '../errors'
import type { DeleteRequest } from '../rules/requests'
import type { DeleteGrant } from './grant'
import { checkOwnKey } from './key'
import { type PermitInput, toExpiry } from './permit'

/** Returns the grant of one deletion; throws a refusal if the rule does not allow it. */
export function permitDelete(input: PermitInput<DeleteRequest>): DeleteGrant {
  const { caller, request, rule, context } = input
  const { name, template, remove } = rule
  if (remove === undefined) throw new Refusal('operation_not_allowed')
  const { sub } = caller
  checkOwnKey(template, sub, request.key)
  return {
    kind: 'delete',
    rule: name,
    sub,
    bucket: rule.bucket ?? context.bucket,
    key: request.key,
    expiresAt: toExpiry(input, remove.ttlSeconds),
  }
}
