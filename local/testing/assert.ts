import { randomUUID } from 'node:crypto'
import type { Caller } from '../../shared/auth/caller'
import { type ProblemCode, Refusal } from '../../shared/errors'
import { decide } from '../../shared/policy/decide'
import type { Grant } from '../../shared/policy/grant'
import {
  parseFormRequest,
  parseSignedUrlRequest,
  parseStsRequest,
} from '../../shared/policy/parse-request'
import type { CallerRequest } from '../../shared/rules/requests'
import type { Rules } from '../../shared/rules/rules'

/** A caller with the claims of a token; without `expiresAt` the token is valid for another hour. */
export type TestCaller = {
  sub: string
  claims?: Readonly<Record<string, unknown>>
  /** Unix seconds. */
  expiresAt?: number
}

const HOUR_SECONDS = 3600

/** Resolves to the grant of this caller for this request; rejects if the rules refuse it. */
export async function assertAllowed(
  caller: TestCaller,
  request: CallerRequest,
  rules: Rules,
): Promise<Grant> {
  const outcome = await decideFor(caller, request, rules)
  if (!(outcome instanceof Refusal)) return outcome
  const { code, reason, issues } = outcome
  const why = [`${code} (${reason})`, ...issues.map(({ path, message }) => `${path} ${message}`)]
  throw new Error(`${describe(caller, request)} is refused: ${why.join(', ')}`)
}

/** Resolves to the problem code for this caller and request; rejects if the rules grant it. */
export async function assertDenied(
  caller: TestCaller,
  request: CallerRequest,
  rules: Rules,
): Promise<ProblemCode> {
  const outcome = await decideFor(caller, request, rules)
  if (outcome instanceof Refusal) return outcome.code
  const reach = 'prefix' in outcome ? `${outcome.prefix}*` : outcome.key
  throw new Error(`${describe(caller, request)} is allowed, for ${reach}`)
}

function describe({ sub }: TestCaller, { operation, rule }: CallerRequest): string {
  return `${operation} by ${sub} under the rule ${rule}`
}

// Parses the JSON as a function does, so that a malformed request is refused too.
async function decideFor(
  { sub, claims = {}, ...rest }: TestCaller,
  request: CallerRequest,
  rules: Rules,
): Promise<Grant | Refusal> {
  const now = Math.floor(Date.now() / 1000)
  const { expiresAt = now + HOUR_SECONDS } = rest
  const caller: Caller = { sub, claims: { sub, ...claims }, expiresAt }
  const context = { rules, bucket: 'test-bucket', now, uuid: randomUUID, sourceIp: '203.0.113.7' }
  try {
    return await decide(caller, parse(request), context)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
}

function parse(request: CallerRequest): CallerRequest {
  const { operation, ...body } = request
  if (operation === 'sts') return parseStsRequest(body)
  if (operation === 'form') return parseFormRequest(body)
  return parseSignedUrlRequest(request) as CallerRequest
}
