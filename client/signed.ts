import { fromOss, unexpectedAnswer } from './answers'
import type { Api } from './api'
import { retrying } from './retry'
import type { SendRequest, SendResponse, Transport } from './types'

/** A signed request, as the functions answer it. */
export interface Signed extends Pick<SendRequest, 'url' | 'headers' | 'fields'> {
  key: string
  /** The folder that a request lists. */
  prefix: string
  expiresAt: string
}

type Ask = Parameters<Api['ask']>

/** Asks a function once for a signed request. */
export async function askSigned(api: Api, ...[path, body, signal]: Ask): Promise<Signed> {
  const answer = (await api.ask(path, body, signal)) as unknown as Signed
  if (!answer.url) throw unexpectedAnswer()
  return { ...answer, headers: answer.headers ?? {} }
}

/** Asks a function, again after failures that may pass. */
export function askPatiently<T>(
  task: (signal: AbortSignal) => Promise<T>,
  signal = new AbortController().signal,
): Promise<T> {
  return retrying(() => task(signal), { signal, retries: 3 })
}

/** Signs a request and sends it; each attempt has a URL of its own. */
export function sendSigned(
  { api, transport }: { api: Api; transport: Transport },
  request: object,
  { method, signal }: { method: 'GET' | 'DELETE'; signal?: AbortSignal | undefined },
): Promise<Signed & SendResponse> {
  return askPatiently(async (own) => {
    const signed = await askSigned(api, '/signed-url', request, own)
    const response = await transport({ ...signed, method, signal: own })
    if (response.status > 299) throw fromOss(response)
    return { ...signed, ...response }
  }, signal)
}
