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

/** An HTTP answer as plain data; `body` is text, `''` for none. */
export type HttpResponse = {
  status: number
  headers: Readonly<Record<string, string>>
  body: string
}

/** A request that we send ourselves; the answer is read whole, up to `maxBytes`. */
export type OutgoingRequest = {
  method: string
  url: string
  headers?: Readonly<Record<string, string>>
  body?: string | Buffer
  timeoutMs: number
  maxBytes: number
}

/** What came back for an `OutgoingRequest`; header names in lower case. */
export type IncomingResponse = {
  status: number
  headers: Readonly<Record<string, string>>
  body: Buffer
}

/** Our HTTP client. Rejects when no whole answer came in time; redirects are not followed. */
export type Send = (request: OutgoingRequest) => Promise<IncomingResponse>
