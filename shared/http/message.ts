/** An HTTP request as plain data: header names in lower case, `path` still percent-encoded. */
export type HttpRequest = {
  method: string
  path: string
  query: Readonly<Record<string, string>>
  headers: Readonly<Record<string, string>>
  body: Buffer
  requestId: string
  sourceIp: string
}

/** An HTTP response as plain data; `body` is `''` if there is none. */
export type HttpResponse = {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** A request that we send; the response is read completely, up to `maxBytes`. */
export type OutgoingRequest = {
  method: string
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
  timeoutMs: number
  maxBytes: number
}

/** The response to an `OutgoingRequest`; header names in lower case. */
export type IncomingResponse = {
  status: number
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** An HTTP client; rejects if the response is not complete in time. Redirects are not followed. */
export type Send = (request: OutgoingRequest) => Promise<IncomingResponse>
