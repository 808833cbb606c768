import { CODES, type ProblemCode, Refusal } from '../errors'
import { toMalformed } from '../schema/issues'
import type { HttpRequest, HttpResponse } from './message'

/** The maximum size of a request body; a larger one is refused before it is parsed. */
export const MAX_JSON_BYTES = 64 * 1024

const EXTRA_HEADERS: Partial<Record<ProblemCode, (refusal: Refusal) => Record<string, string>>> = {
  invalid_token: () => ({ 'www-authenticate': 'Bearer realm="oss-direct", error="invalid_token"' }),
  too_many_requests: ({ facts }) => ({ 'retry-after': String(facts.retryAfterSeconds) }),
  unavailable: () => ({ 'retry-after': '5' }),
  method_not_allowed: ({ facts }) => ({ allow: String(facts.allow) }),
}

/** Throws `method_not_allowed` (405 with `Allow`) for every other method. */
export function allowMethod(request: HttpRequest, method: string): void {
  if (request.method !== method) throw new Refusal('method_not_allowed', { allow: method })
}

/** Parses the JSON body of a request; throws `request_too_large` or `request_malformed`. */
export function readJson(request: HttpRequest): unknown {
  if (request.body.length > MAX_JSON_BYTES) {
    throw new Refusal('request_too_large', { maxBytes: MAX_JSON_BYTES })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body))
  } catch (cause) {
    throw toMalformed('', 'must be a JSON object in UTF-8', cause)
  }
}

/** Returns a JSON response that must not be cached. */
export function json(body: unknown): HttpResponse {
  return jsonText(JSON.stringify(body))
}

/** Does the same for a string of JSON. */
export function jsonText(body: string): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body,
  }
}

/** Returns the problem document of a refusal (RFC 9457 section 3), also for the results of a batch. */
export function problemDocument(refusal: Refusal, requestId: string) {
  const { status, title, detail } = CODES[refusal.code]
  return {
    type: `urn:oss-direct:problem:${refusal.code}`,
    title,
    status,
    detail: detail(refusal.facts),
    code: refusal.code,
    requestId,
    ...(refusal.issues.length > 0 && { errors: refusal.issues }),
  }
}

/** Returns the response for a refusal. */
export function problem(refusal: Refusal, requestId: string): HttpResponse {
  const body = problemDocument(refusal, requestId)
  return {
    status: body.status,
    body: JSON.stringify(body),
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...EXTRA_HEADERS[refusal.code]?.(refusal),
    },
  }
}
