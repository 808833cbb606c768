import { meetsConditions } from './conditions'
import { matchesGlob } from './glob'
import type { PolicyDocument, PolicyStatement, Principal } from './types'

/** An action on a resource; `context` holds the condition keys of the request. */
export type AccessRequest = {
  /** Such as `oss:PutObject`. */
  action: string
  /** Such as `acs:oss:*:1234567890123456:bucket/key`. */
  resource: string
  context: Readonly<Record<string, string>>
}

/**
 * The result of an evaluation; `none` if no policy has a matching statement, so that an ACL of the
 * service may still allow it.
 */
export type Verdict = 'allow' | 'deny' | 'none'

/** Returns true if RAM's policies alone allow the request. */
export function isAllowed(principal: Principal, request: AccessRequest): boolean {
  return decideAccess(principal, request) === 'allow'
}

/**
 * Evaluates RAM's policies: an explicit Deny anywhere is final; a session policy that does not
 * allow denies; otherwise the policies of the user or role decide (RAM: policy evaluation process).
 */
export function decideAccess(principal: Principal, request: AccessRequest): Verdict {
  if (principal.kind === 'root') return 'allow'
  if (principal.kind === 'user') return judge(principal.policies, request)
  const verdict = judge(principal.role.policies, request)
  return isLeftOut(principal.sessionPolicy, request) ? 'deny' : verdict
}

/**
 * Returns which policies deny a request, the session policy first; `undefined` if it is allowed.
 */
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

// Compared field by field: in the complete string, the `*` of the owner would match
// "123:bucket-a/key", and a key with colons would match an object of another bucket.
function matchesResource(pattern: string, resource: string): boolean {
  const patternFields = splitFields(pattern, 5)
  const resourceFields = splitFields(resource, patternFields.length)
  return (
    patternFields.length === resourceFields.length &&
    patternFields.every((field, index) => matchesGlob(field, resourceFields[index] ?? ''))
  )
}

// The last field keeps the remaining colons.
function splitFields(text: string, count: number): string[] {
  const fields = text.split(':')
  return fields.length <= count
    ? fields
    : [...fields.slice(0, count - 1), fields.slice(count - 1).join(':')]
}
