/** Any value that JSON can hold. */
export type Json = null | boolean | number | string | Json[] | { [name: string]: Json }

/** One example of the HTTP contract: a request and its answer, `…` for what changes from run to run. */
export type Example = { method: string; path: string; body: string; answer: Json }

const EXAMPLE = /```http\n(\S+) (\S+)\n([\s\S]*?)\n```\s+(?:[^`]*?)```json\n([\s\S]*?)\n```/g

/** The examples of a document in Markdown, in their order. */
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

/** An example with a name, `undefined` for the request of one that is refused or no route's own. */
export type NamedExample = {
  name: string
  path: string
  status: number
  request?: Json
  answer: Json
}

/** The example as the contract has it: `…` filled in where a text must have a form. */
export function nameExample({ method, path, body, answer }: Example): NamedExample {
  // An upload itself is answered with what the callback said of it.
  if (method === 'PUT') {
    return { name: 'proven', path: '/upload-callback', status: 200, answer: fill(answer) }
  }
  const code = isObject(answer) ? answer.code : undefined
  if (isObject(answer) && typeof code === 'string') {
    return { name: code, path, status: Number(answer.status), answer: fill(answer) }
  }
  const request = JSON.parse(body)
  const name = nameOf(request, path)
  return { name, path, status: 200, request: fill(request), answer: fill(answer) }
}

function nameOf(request: Json, path: string): string {
  if (!isObject(request)) return path.slice(1)
  if (typeof request.operation === 'string') return request.operation
  return 'requests' in request ? 'many' : path.slice(1)
}

const FORMS: Readonly<Record<string, string>> = {
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
