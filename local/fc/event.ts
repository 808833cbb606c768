/** An HTTP request as the gateway received it. */
export type GatewayRequest = {
  method: string
  /** Path and query as sent. */
  url: string
  httpVersion: string
  /** Names and values, alternating, as sent. */
  rawHeaders: readonly string[]
  body: Buffer
  sourceIp: string
}

/** The fields of an event that are not part of the request. */
export type EventContext = { accountId: string; requestId: string; host: string; now: number }

const TEXT_TYPES = [
  'application/json',
  'application/ld+json',
  'application/xhtml+xml',
  'application/xml',
  'application/atom+xml',
  'application/javascript',
]
// Headers of the gateway; functions do not receive them.
const RESERVED = /^(?:x-fc-.*|connection|keep-alive)$/i

/**
 * Returns the event of version v1 for an HTTP trigger (Function Compute 3.0: HTTP triggers,
 * request).
 */
export function toEvent(request: GatewayRequest, context: EventContext) {
  const { method, url, httpVersion, rawHeaders, sourceIp } = request
  const [rawPath = '', ...query] = url.split('?')
  const headers = toEventHeaders(rawHeaders)
  return {
    version: 'v1',
    rawPath,
    ...toEventBody(request, headers['Content-Type']),
    headers,
    queryParameters: joinPairs([...new URLSearchParams(query.join('?'))]),
    requestContext: {
      accountId: context.accountId,
      domainName: context.host,
      domainPrefix: context.host.split('.')[0] ?? '',
      requestId: context.requestId,
      time: `${new Date(context.now).toISOString().slice(0, 19)}Z`,
      timeEpoch: String(context.now),
      http: {
        method,
        path: decodePath(rawPath),
        protocol: `HTTP/${httpVersion}`,
        sourceIp,
        userAgent: headers['User-Agent'] ?? '',
      },
    },
  }
}

/** Decodes percent-encoding; returns a path with invalid encoding unchanged. */
export function decodePath(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    // Such as `%zz`: the function receives it as sent.
    return path
  }
}

/**
 * Returns a header name as Go's net/http writes it: `x-oss-pub-key-url` becomes
 * `X-Oss-Pub-Key-Url`.
 * @internal
 */
export function canonicalName(name: string): string {
  return name.toLowerCase().replace(/(^|-)[a-z]/g, (start) => start.toUpperCase())
}

/** Converts alternating names and values to pairs. */
export function toPairs(rawHeaders: readonly string[]): [string, string][] {
  const names = rawHeaders.filter((_, index) => index % 2 === 0)
  return names.map((name, index) => [name, rawHeaders[2 * index + 1] ?? ''])
}

/** Returns the first value of a header; `name` must be in lower case. */
export function headerOf({ rawHeaders }: GatewayRequest, name: string): string | undefined {
  return toPairs(rawHeaders).find(([candidate]) => candidate.toLowerCase() === name)?.[1]
}

function toEventHeaders(rawHeaders: readonly string[]): Record<string, string> {
  const pairs = toPairs(rawHeaders).filter(([name]) => !RESERVED.test(name))
  return joinPairs(pairs.map(([name, value]) => [canonicalName(name), value]))
}

function toEventBody({ body }: GatewayRequest, contentType = '') {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  const isText = body.length > 0 && (type.startsWith('text/') || TEXT_TYPES.includes(type))
  return { body: body.toString(isText ? 'utf8' : 'base64'), isBase64Encoded: !isText }
}

// A comma in a value looks like a repeated parameter, as in Function Compute's gateway.
function joinPairs(pairs: readonly (readonly [string, string])[]): Record<string, string> {
  const joined = new Map<string, string>()
  for (const [name, value] of pairs) {
    const before = joined.get(name)
    joined.set(name, before === undefined ? value : `${before},${value}`)
  }
  return Object.fromEntries(joined)
}
