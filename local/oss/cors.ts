import type { Answer } from './cloud'
import { ACCESS } from './errors/access'
import { OssError } from './errors/oss-error'
import type { BucketSettings, CorsRule } from './store/records'
import type { Headers } from './wire'

type Cors = BucketSettings['cors']

const LOOPBACK = ['localhost', '127.0.0.1', '[::1]']

/**
 * The rule of a new bucket of the local cloud: it allows the pages of this machine. In OSS a new
 * bucket has no rule.
 */
export const DEFAULT_CORS_RULE: CorsRule = {
  allowedOrigins: ['http', 'https'].flatMap((scheme) =>
    LOOPBACK.flatMap((host) => [`${scheme}://${host}`, `${scheme}://${host}:*`]),
  ),
  allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
  maxAgeSeconds: 0,
}

/** Answers a preflight by the first rule that matches origin, method and every header. */
export function answerPreflight(cors: Cors, headers: Headers): Answer {
  const { origin } = headers
  const method = headers['access-control-request-method']
  const vary = { headers: varyHeader(cors) }
  if (!origin) throw new OssError(ACCESS.corsOrigin, {}, vary)
  if (!method) throw new OssError(ACCESS.corsMethod, {}, vary)
  const requestedHeaders = splitList(headers['access-control-request-headers'] ?? '')
  const rule = cors?.rules.find((candidate) =>
    matches(candidate, { origin, method, requestedHeaders }),
  )
  if (!rule) throw new OssError(ACCESS.cors, { Method: method, ResourceType: 'OBJECT' }, vary)
  return {
    status: 200,
    headers: {
      ...vary.headers,
      ...ruleHeaders(rule, origin),
      ...(requestedHeaders.length > 0 && {
        'access-control-allow-headers': requestedHeaders.join(', '),
      }),
      ...(rule.maxAgeSeconds !== undefined && {
        'access-control-max-age': String(rule.maxAgeSeconds),
      }),
    },
  }
}

/** Returns the CORS headers of an actual request, from the first rule that matches, if any. */
export function corsHeaders(cors: Cors, method: string, headers: Headers): Record<string, string> {
  const { origin } = headers
  const vary = varyHeader(cors)
  if (!origin || !cors) return vary
  const rule = cors.rules.find((candidate) =>
    matches(candidate, { origin, method, requestedHeaders: [] }),
  )
  return rule ? { ...vary, ...ruleHeaders(rule, origin) } : vary
}

/** Returns true if a rule lists this origin for this method. */
export function isListedOrigin(cors: Cors, request: { origin: string; method: string }): boolean {
  return cors?.rules.some((rule) => matches(rule, { ...request, requestedHeaders: [] })) ?? false
}

// Independent of the origin and of whether a rule matches (GetBucketCors, ResponseVary).
function varyHeader(cors: Cors): Record<string, string> {
  return cors?.varyOrigin ? { vary: 'Origin' } : {}
}

function ruleHeaders(rule: CorsRule, origin: string): Record<string, string> {
  return {
    'access-control-allow-origin': rule.allowedOrigins.includes('*') ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(rule.exposeHeaders.length > 0 && {
      'access-control-expose-headers': rule.exposeHeaders.join(', '),
    }),
  }
}

function matches(
  rule: CorsRule,
  {
    origin,
    method,
    requestedHeaders,
  }: { origin: string; method: string; requestedHeaders: readonly string[] },
): boolean {
  return (
    rule.allowedOrigins.some((pattern) => matchesPattern(pattern, origin)) &&
    rule.allowedMethods.includes(method) &&
    requestedHeaders.every((name) =>
      rule.allowedHeaders.some((pattern) =>
        matchesPattern(pattern.toLowerCase(), name.toLowerCase()),
      ),
    )
  )
}

// A pattern has at most one `*` (PutBucketCors).
function matchesPattern(pattern: string, text: string): boolean {
  const at = pattern.indexOf('*')
  if (at < 0) return pattern === text
  const [head, tail] = [pattern.slice(0, at), pattern.slice(at + 1)]
  return text.length >= head.length + tail.length && text.startsWith(head) && text.endsWith(tail)
}

function splitList(text: string): string[] {
  return text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '')
}
