/** A response as the gateway writes it to the wire; header names as the function wrote them. */
export type GatewayAnswer = {
  status: number
  headers: Record<string, string>
  body: Buffer
}

const MAX_HEADER_BYTES = 8192
const MAX_BODY_BYTES = 32 * 1024 * 1024
const DROPPED = new Set([
  'connection',
  'content-length',
  'date',
  'keep-alive',
  'server',
  'upgrade',
  'content-disposition',
  // Not in Function Compute's list; the gateway frames its responses itself.
  'transfer-encoding',
])

/**
 * Returns the response for a function's return value (Function Compute 3.0: HTTP triggers,
 * response): without `statusCode` the complete value is the body of a 200. Returns `undefined` for
 * a value that is answered with 502 BadResponse.
 */
export function toGatewayAnswer(returned: string): GatewayAnswer | undefined {
  const value = parseObject(returned)
  if (value?.statusCode === undefined) {
    return {
      status: 200,
      headers: { 'Content-Type': 'application/json' },
      body: Buffer.from(returned),
    }
  }
  const status = value.statusCode
  const headers = toHeaders(value.headers)
  const body = toBody(value.body, value.isBase64Encoded === true)
  if (!isStatus(status) || !headers || body.length > MAX_BODY_BYTES) return undefined
  return { status, headers, body }
}

/**
 * Returns the CORS headers that the gateway adds for a page of another origin, or `undefined` if
 * the function allowed an origin itself (Function Compute 3.0: HTTP triggers, CORS).
 */
export function defaultCors(
  origin: string | undefined,
  headers: Readonly<Record<string, string>>,
): Record<string, string> | undefined {
  const isSet = Object.keys(headers).some(
    (name) => name.toLowerCase() === 'access-control-allow-origin',
  )
  if (origin === undefined || isSet) return undefined
  return {
    'Access-Control-Allow-Origin': origin,
    'Access-Control-Allow-Credentials': 'true',
    'Access-Control-Expose-Headers': 'Date,X-Fc-Request-Id,X-Fc-Error-Type',
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text)
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
    return isObject ? (value as Record<string, unknown>) : undefined
  } catch {
    // Not JSON: the string itself is the body.
    return undefined
  }
}

function toHeaders(value: unknown): Record<string, string> | undefined {
  const entries = Object.entries(typeof value === 'object' && value !== null ? value : {})
    .map(([name, content]) => [name, String(content)] as const)
    .filter(([name]) => !DROPPED.has(name.toLowerCase()) && !/^x-fc-/i.test(name))
  if (!entries.some(([name]) => name.toLowerCase() === 'content-type')) {
    entries.push(['Content-Type', 'application/json'])
  }
  const bytes = entries.reduce((sum, [name, content]) => sum + name.length + content.length + 4, 0)
  const isSafe = entries.every(([name, content]) => isHeader(name, content))
  return isSafe && bytes <= MAX_HEADER_BYTES ? Object.fromEntries(entries) : undefined
}

function isHeader(name: string, content: string): boolean {
  return /^[!#$%&'*+.^_`|~\w-]+$/.test(name) && /^[\t\x20-\x7e\x80-\xff]*$/.test(content)
}

function toBody(body: unknown, isBase64: boolean): Buffer {
  if (body === undefined || body === null) return Buffer.alloc(0)
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return isBase64 && isBase64Text(text) ? Buffer.from(text, 'base64') : Buffer.from(text)
}

// A body that cannot be decoded is sent unchanged, without an error.
function isBase64Text(text: string): boolean {
  return text.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(text)
}

function isStatus(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 200 && (value as number) <= 599
}
