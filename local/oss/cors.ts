import type { Answer } from './cloud'
import { ACCESS } from './errors/access'
import { OssError } from './errors/fault'
import type { BucketSettings, CorsRule } from './store/records'
import type { Headers } from './wire'

type Cors = BucketSettings['cors']

/** What a new bucket of the local cloud lets browsers do; OSS itself begins with no rule. */
export const DEFAULT_CORS_RULE: CorsRule = {
  allowedOrigins: ['*'],
  allowedMethods: ['GET', 'PUT', 'POST', 'DELETE', 'HEAD'],
  allowedHeaders: ['*'],
  exposeHeaders: ['ETag', 'x-oss-request-id', 'x-oss-hash-crc64ecma'],
  maxAgeSeconds: 0,
}

/** Answers a preflight by the first rule that matches origin, method and every header. */
export function answerPreflight(cors: Cors, headers: Headers): Answer {
  const { origin } = headers
  const method = headers['access-control-request-method']
  if (!origin) throw new OssError(ACCESS.corsOrigin)
  if (!method) throw new OssError(ACCESS.corsMethod)
  const asked = splitList(headers['access-control-request-headers'] ?? '')
  const rule = cors?.rules.find((candidate) => matches(candidate, { origin, method, asked }))
  if (!rule) throw new OssError(ACCESS.cors, { Method: method, ResourceType: 'OBJECT' })
  return {
    status: 200,
    headers: {
      ...commonHeaders(rule, origin, cors?.varyOrigin ?? false),
      ...(asked.length > 0 && { 'access-control-allow-headers': asked.join(', ') }),
      ...(rule.maxAgeSeconds !== undefined && {
        'access-control-max-age': String(rule.maxAgeSeconds),
      }),
    },
  }
}

/** The CORS headers of an actual request; none when there is no `Origin` or no rule matches. */
export function corsHeaders(cors: Cors, method: string, headers: Headers): Record<string, string> {
  const { origin } = headers
  if (!origin || !cors) return {}
  const rule = cors.rules.find((candidate) => matches(candidate, { origin, method, asked: [] }))
  if (rule) return commonHeaders(rule, origin, cors.varyOrigin)
  return cors.varyOrigin ? { vary: 'Origin' } : {}
}

function commonHeaders(rule: CorsRule, origin: string, varyOrigin: boolean) {
  const any = rule.allowedOrigins.includes('*')
  return {
    'access-control-allow-origin': any ? '*' : origin,
    'access-control-allow-methods': rule.allowedMethods.join(', '),
    ...(rule.exposeHeaders.length > 0 && {
      'access-control-expose-headers': rule.exposeHeaders.join(', '),
    }),
    ...((varyOrigin || !any) && { vary: 'Origin' }),
  }
}

function matches(
  rule: CorsRule,
  { origin, method, asked }: { origin: string; method: string; asked: readonly string[] },
): boolean {
  return (
    rule.allowedOrigins.some((pattern) => matchesPattern(pattern, origin)) &&
    rule.allowedMethods.includes(method) &&
    asked.every((name) =>
      rule.allowedHeaders.some((pattern) =>
        matchesPattern(pattern.toLowerCase(), name.toLowerCase()),
      ),
    )
  )
}

// At most one `*` each (PutBucketCors).
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
