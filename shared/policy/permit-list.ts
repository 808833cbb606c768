import { Refusal } from '../errors'
import type { ListRequest } from '../rules/requests'
import type { ListGrant } from './grant'
import { buildOwnFolder } from './key'
import { type PermitInput, toExpiry } from './permit'

// OSS: ListObjectsV2, max-keys.
const DEFAULT_LIMIT = 100

/** Returns the grant of one page of a listing; throws a refusal if the rule does not allow it. */
export function permitList(input: PermitInput<ListRequest>): ListGrant {
  const { caller, request, rule, context } = input
  const { name, template, list } = rule
  if (list === undefined) throw new Refusal('operation_not_allowed')
  const { path, after, limit = DEFAULT_LIMIT } = request
  const { sub } = caller
  const folder = buildOwnFolder(template, sub, context.now)
  return {
    kind: 'list',
    rule: name,
    sub,
    bucket: rule.bucket ?? context.bucket,
    prefix: path === undefined ? folder : `${folder}${path}/`,
    ...(after !== undefined && { after }),
    limit,
    expiresAt: toExpiry(input, list.ttlSeconds),
  }
}
