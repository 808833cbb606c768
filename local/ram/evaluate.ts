import { meetsConditions } from './conditions'
import { matchesGlob } from './glob'
import type { PolicyDocument, PolicyStatement, Principal } from './types'

/** What someone wants to do: `context` holds the condition keys that this request has. */
export type AccessRequest = {
  /** Such as `oss:PutObject`. */
  action: string
  /** Such as `acs:oss:*:1234567890123456:bucket/key`. */
  resource: string
  context: Readonly<Record<string, string>>
}

/** `none` where no policy speaks of the request: an ACL of the service may still open it. */
export type Verdict = 'allow' | 'deny' | 'none'

/** Whether RAM's policies alone let the principal do it. */
export function isAllowed(principal: Principal, request: AccessRequest): boolean {
  return decideAccess(principal, request) === 'allow'
}

/**
 * What RAM's policies say: an explicit Deny anywhere ends it; a session policy that doesn't allow
 * denies; then the user's or role's own policies decide (RAM: policy evaluation process).
 */
export function decideAccess(principal: Principal, request: AccessRequest): Verdict {
  if (principal.kind === 'root') return 'allow'
  if (principal.kind === 'user') return judge(principal.policies, request)
  const verdict = judge(principal.role.policies, request)
  return isLeftOut(principal.sessionPolicy, request) ? 'deny' : verdict
}

/** Who said no, the session policy first; undefined when the answer is yes. */
export function whoForbids(
  principal: Principal,
  request: AccessRequest,
): 'identity' | 'session' | undefined {
  if (isAllowed(principal, request)) return undefined
  if (principal.kind !== 'session') return 'identity'
  return isLeftOut(principal.sessionPolicy, request) ? 'session' : 'identity'
}

function isLeftOut(sessionPolicy: PolicyDocument | undefined, request: AccessRequest): boolean {
  return sessionPolicy !== undefined && judge([sessionPolicy], request) !== 'allow'
}

function judge(policies: readonly PolicyDocument[], request: AccessRequest): Verdict {
  const effects = policies
    .flatMap(({ Statement }) => Statement)
    .filter((statement) => applies(statement, request))
    .map(({ Effect }) => Effect)
  if (effects.includes('Deny')) return 'deny'
  return effects.includes('Allow') ? 'allow' : 'none'
}

function applies(statement: PolicyStatement, request: AccessRequest): boolean {
  return (
    namesAction(statement, request.action) &&
    [statement.Resource].flat().some((pattern) => matchesResource(pattern, request.resource)) &&
    meetsConditions(statement.Condition ?? {}, request.context)
  )
}

function namesAction({ Action, NotAction }: PolicyStatement, action: string): boolean {
  const matches = (pattern: string) => matchesGlob(pattern.toLowerCase(), action.toLowerCase())
  if (NotAction !== undefined) return ![NotAction].flat().some(matches)
  return [Action ?? []].flat().some(matches)
}

// Field by field: in one piece, the `*` of the owner would swallow "123:bucket-a/key" and let a key
// that holds colons pass for an object of another bucket.
function matchesResource(pattern: string, resource: string): boolean {
  const wanted = splitFields(pattern, 5)
  const given = splitFields(resource, wanted.length)
  return (
    wanted.length === given.length &&
    wanted.every((field, index) => matchesGlob(field, given[index] ?? ''))
  )
}

// The last field keeps whatever colons are left.
function splitFields(text: string, count: number): string[] {
  const fields = text.split(':')
  return fields.length <= count
    ? fields
    : [...fields.slice(0, count - 1), fields.slice(count - 1).join(':')]
}
