import { createOssDirect, fetchTransport, type OssDirect } from '../../../client'
import type { OssDirectError } from '../../../client/errors'
import type { OssDirectOptions, SendRequest, SendResponse, Transport } from '../../../client/types'
import type { Info } from '../../e2e/support/client'
import { issueToken } from '../../support/token'

/** Creates a client for a caller of a local cloud. */
export function clientFor(
  info: Info,
  options: Partial<OssDirectOptions> & { sub?: string; claims?: Record<string, unknown> } = {},
): OssDirect {
  const { sub = 'alice', claims = {}, ...own } = options
  const getToken = () => issueToken(info, { sub, claims })
  return createOssDirect({ baseUrl: info.gateway, getToken, storage: null, ...own })
}

/** A file of this many bytes. */
export function fileOf(bytes: number, name = 'a.bin', type = 'application/octet-stream'): File {
  return new File([new Uint8Array(bytes).fill(97)], name, { type })
}

/** The error of a promise that must reject. */
export async function errorOf(promise: Promise<unknown>): Promise<OssDirectError> {
  return promise.then(
    () => {
      throw new Error('It resolved')
    },
    (error) => error,
  )
}

/** A transport over `fetch` that writes down each request, and may answer or fail instead. */
export function recorder(
  instead: (request: SendRequest) => Promise<SendResponse> | undefined = () => undefined,
) {
  const sent: { method: string; path: string; body: Record<string, unknown> }[] = []
  const transport: Transport = (request) => {
    const body = typeof request.body === 'string' ? JSON.parse(request.body) : {}
    sent.push({ method: request.method, path: new URL(request.url).pathname, body })
    return instead(request) ?? fetchTransport(request)
  }
  const operations = () =>
    sent.map(
      ({ method, path, body }) =>
        body.operation ?? (path.startsWith('/signed') ? path : `${method}`),
    )
  return { sent, transport, operations }
}
