import type { HttpRequest, HttpResponse } from './message'

/** The origins of pages that may send requests, `['*']` for any, and the headers they may send in addition to ours. */
export type CorsSettings = { origins: readonly string[]; headers: readonly string[] }

// Function Compute echoes any Origin unless the function sets the header itself, so a refused origin
// gets a name that no page can have (RFC 6761 section 6.4).
const NO_ORIGIN = 'https://refused.invalid'
const OWN_HEADERS = ['authorization', 'content-type']
// Each preflight is a billed invocation. 7200 s is the limit of Chrome (Fetch standard, CORS-preflight cache).
const PREFLIGHT_SECONDS = '7200'

/** Returns the CORS headers of every response (Fetch standard, CORS protocol). */
export function corsHeaders(
  request: HttpRequest,
  { origins }: CorsSettings,
): Record<string, string> {
  const origin = request.headers.origin
  const allowed = origins.includes('*') ? '*' : origins.find((each) => each === origin)
  return {
    'access-control-allow-origin': allowed ?? NO_ORIGIN,
    'access-control-expose-headers': 'x-fc-request-id, retry-after',
    vary: 'origin',
  }
}

/** Returns true for a CORS preflight request (Fetch standard). */
export function isPreflight(request: HttpRequest): boolean {
  return request.method === 'OPTIONS'
}

/** Returns the response to a preflight, without the headers of `corsHeaders`, which every response gets. */
export function preflight({ headers }: CorsSettings): HttpResponse {
  return {
    status: 204,
    headers: {
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': [...OWN_HEADERS, ...headers].join(', ').toLowerCase(),
      'access-control-max-age': PREFLIGHT_SECONDS,
    },
    body: '',
  }
}
