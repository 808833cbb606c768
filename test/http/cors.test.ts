import { corsHeaders, isPreflight, preflight } from '../../shared/http/cors'
import type { HttpRequest } from '../../shared/http/message'

const APP = 'https://app.example.com'
const ADMIN = 'https://admin.example.com'
const NOBODY = 'https://refused.invalid'

function request(origin?: string, method = 'POST'): HttpRequest {
  const headers: Record<string, string> = origin === undefined ? {} : { origin }
  const plain = { path: '/sts', query: {}, requestId: 'r', sourceIp: '127.0.0.1' }
  return { ...plain, method, headers, body: Buffer.alloc(0) }
}

describe('the origin that an answer allows', () => {
  it.each<[string, string | undefined, string[], string]>([
    ['one of the list', ADMIN, [APP, ADMIN], ADMIN],
    ['one that is not on the list', 'https://evil.example', [APP, ADMIN], NOBODY],
    ['one that begins like one of the list', `${APP}.evil.example`, [APP], NOBODY],
    ['one of the list over http', 'http://app.example.com', [APP], NOBODY],
    ['"null", as a sandboxed frame sends', 'null', [APP], NOBODY],
    ['none', undefined, [APP], NOBODY],
    ['any where the list is empty', APP, [], NOBODY],
    ['any where the list is a star', 'https://evil.example', ['*'], '*'],
    ['none where the list is a star', undefined, [APP, '*'], '*'],
  ])('for %s', (_, origin, origins, allowed) => {
    expect(corsHeaders(request(origin), { origins, headers: [] })).toEqual({
      'access-control-allow-origin': allowed,
      'access-control-expose-headers': 'x-fc-request-id, retry-after',
      vary: 'origin',
    })
  })
})

describe('a preflight', () => {
  it('is a request with OPTIONS, whatever else it has', () => {
    expect(isPreflight(request(APP, 'OPTIONS'))).toBe(true)
    expect(isPreflight(request(undefined, 'OPTIONS'))).toBe(true)
    expect(isPreflight(request(APP))).toBe(false)
  })

  it('is answered with the method and headers of our routes, and those of the settings, for two hours', () => {
    expect(preflight({ origins: [APP], headers: ['baggage', 'Sentry-Trace'] })).toEqual({
      status: 204,
      headers: {
        'access-control-allow-methods': 'POST',
        'access-control-allow-headers': 'authorization, content-type, baggage, sentry-trace',
        'access-control-max-age': '7200',
      },
      body: '',
    })
  })
})
