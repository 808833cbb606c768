/** A JSON value. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/**
 * One example of the HTTP contract: a request and its response, with `…` for values that change
 * from run to run.
 */
export type Example = { method: string; path: string; body: string; answer: Json }

const EXAMPLE = /```http\n(\S+) (\S+)\n([\s\S]*?)\n```\s+(?:[^`]*?)```json\n([\s\S]*?)\n```/g

/** Returns the examples of a Markdown document, in order. */
export function readExamples(document: string): Example[] {
  return [...document.matchAll(EXAMPLE)].map(
    ([, method = '', path = '', body = '', answer = '']) => ({
      method,
      path,
      body,
      answer: JSON.parse(answer),
    }),
  )
}

/** A named example; `request` is absent if the request is refused or belongs to no route. */
export type NamedExample = {
  name: string
  path: string
  status: number
  request?: Json
  answer: Json
}

/** Returns the named example, with `…` replaced where a string must have a format. */
export function nameExample({ method, path: target, body, answer }: Example): NamedExample {
  const [path = '', query] = target.split('?')
  // The response to an upload is that of the callback.
  if (method === 'PUT') {
    return { name: 'proven', path: '/upload-callback', status: 200, answer: fill(answer) }
  }
  if (method === 'GET') {
    const name = new URLSearchParams(query).get('as') ?? path.slice(1)
    return { name, path, status: 200, answer: fill(answer) }
  }
  const code = isObject(answer) ? answer.code : undefined
  if (isObject(answer) && typeof code === 'string') {
    return { name: code, path, status: Number(answer.status), answer: fill(answer) }
  }
  const request = JSON.parse(body)
  const name = query?.replace('as=', '') ?? nameOf(request, path)
  return { name, path, status: 200, request: fill(request), answer: fill(answer) }
}

function nameOf(request: Json, path: string): string {
  if (!isObject(request)) return path.slice(1)
  if (typeof request.operation === 'string') return request.operation
  return 'requests' in request ? 'many' : path.slice(1)
}

const FORMS: Readonly<Record<string, string | number>> = {
  expire: 1_767_226_200,
  uploadId: '0004B9894A22E5B1888A1E29F8231F12',
  serverTime: '2026-01-01T00:00:00Z',
  expiresAt: '2026-01-01T00:10:00Z',
  refreshAfter: '2026-01-01T00:12:00Z',
  expiration: '2026-01-01T00:15:00Z',
  ticketExpiresAt: '2026-01-02T00:00:00Z',
}

function fill(value: Json): Json {
  return JSON.parse(JSON.stringify(value), (name, member) =>
    typeof member === 'string' && member.includes('…') ? (FORMS[name] ?? member) : member,
  )
}

function isObject(value: Json): value is { [name: string]: Json } {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
