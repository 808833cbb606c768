import { CODES, type ProblemCode, Refusal } from '../errors'
import { toMalformed } from '../schema/issues'
import type { HttpRequest, HttpResponse } from './message'

/** No request of ours needs more; what is larger is refused before it is parsed. */
export const MAX_JSON_BYTES = 64 * 1024

const EXTRA_HEADERS: Partial<Record<ProblemCode, (refusal: Refusal) => Record<string, string>>> = {
  invalid_token: () => ({ 'www-authenticate': 'Bearer realm="oss-direct", error="invalid_token"' }),
  too_many_requests: ({ facts }) => ({ 'retry-after': String(facts.retryAfterSeconds) }),
  unavailable: () => ({ 'retry-after': '5' }),
  method_not_allowed: ({ facts }) => ({ allow: String(facts.allow) }),
}

/** Refuses every method but this one with 405 and `Allow`. */
export function allowMethod(request: HttpRequest, method: string): void {
  if (request.method !== method) throw new Refusal('method_not_allowed', { allow: method })
}

/** The JSON that a request carries; throws `request_too_large` or `request_malformed`. */
export function readJson(request: HttpRequest): unknown {
  if (request.body.length > MAX_JSON_BYTES) {
    throw new Refusal('request_too_large', { maxBytes: MAX_JSON_BYTES })
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(request.body))
  } catch (cause) {
    throw toMalformed('', 'The body must be one JSON object in UTF-8', cause)
  }
}

/** A JSON answer that no cache keeps. */
export function json(body: unknown): HttpResponse {
  return jsonText(JSON.stringify(body))
}

/** The same for JSON that is text already. */
export function jsonText(body: string): HttpResponse {
  return {
    status: 200,
    headers: { 'content-type': 'application/json', 'cache-control': 'no-store' },
    body,
  }
}

/** The problem document of a refusal (RFC 9457 section 3), as it stands among other results. */
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

/** The answer that a refusal makes. */
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
