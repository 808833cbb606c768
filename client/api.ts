import { reasonOf } from './abort'
import { type Fields, fromProblem, parseJson, unexpectedAnswer } from './answers'
import { refusal } from './errors'
import type { OssDirectOptions, SendResponse, Transport } from './types'

/** The functions, as one caller. */
export interface Api {
  /** Asks a function, once; renews the token after `invalid_token`; throws an `OssDirectError` for every refusal. */
  ask(
    path: '/signed-url' | '/post-policy' | '/sts',
    body: object,
    signal?: AbortSignal,
  ): Promise<Fields>
  /** The server's time in milliseconds, by the latest `serverTime`. */
  now(): number
}

/** Creates the `Api` of these options. */
export function createApi(
  { baseUrl, getToken }: Pick<OssDirectOptions, 'baseUrl' | 'getToken'>,
  transport: Transport,
): Api {
  const base = baseUrl.replace(/\/+$/, '')
  let ahead = 0

  async function post(
    reason: 'request' | 'refused',
    ...[path, body, signal]: Parameters<Api['ask']>
  ): Promise<SendResponse> {
    const token = await tokenOf(getToken, reason)
    if (signal?.aborted) throw reasonOf(signal)
    return transport({
      method: 'POST',
      url: base + path,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
      signal,
    })
  }

  return {
    async ask(...request) {
      let response = await post('request', ...request)
      if (response.status === 401) response = await post('refused', ...request)
      if (response.status !== 200) throw fromProblem(response)
      const fields = parseJson(response.text)
      const serverTime = Date.parse(String(fields.serverTime))
      if (Number.isNaN(serverTime)) throw unexpectedAnswer()
      ahead = serverTime - Date.now()
      return fields
    },
    now: () => Date.now() + ahead,
  }
}

async function tokenOf(
  getToken: OssDirectOptions['getToken'],
  reason: 'request' | 'refused',
): Promise<string> {
  try {
    return await getToken(reason)
  } catch (cause) {
    throw refusal('token_unavailable', 'getToken failed; "cause" has its error.', cause)
  }
}
