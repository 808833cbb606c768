import type { HttpRequest, HttpResponse } from './message'

/** Which pages may ask, `['*']` for any, and which headers they may send beside those that we read. */
export type CorsSettings = { origins: readonly string[]; headers: readonly string[] }

// Function Compute echoes any Origin unless the function answers one itself, so a refused origin
// gets a name that no page can have (RFC 6761 section 6.4).
const NO_ORIGIN = 'https://refused.invalid'
const OWN_HEADERS = ['authorization', 'content-type']
// Each preflight is a billed call. No browser keeps an answer longer: Chrome's limit (Fetch standard, CORS-preflight cache).
const PREFLIGHT_SECONDS = '7200'

/** The CORS headers of every answer. */
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

/** True for a browser's question before the request itself (Fetch standard, CORS preflight). */
export function isPreflight(request: HttpRequest): boolean {
  return request.method === 'OPTIONS'
}

/** The answer to a preflight; the CORS headers of `corsHeaders` are added like everywhere. */
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
