import { parseJson } from '../../shared/text'
import type { Finding } from '../findings'

const TIMEOUT_MS = 5000
const MAX_BYTES = 262_144

/** Asks for the keys of the token issuer. */
export async function examineKeys(url: string): Promise<Finding> {
  const subject = 'keys'
  const why = 'no token can be verified: every request gets 401 or 503'
  const answer = await ask(url, {})
  if (typeof answer === 'string') {
    return {
      state: 'unknown',
      subject,
      what: `${url} cannot be reached: ${answer}`,
      fix: 'check AUTH_JWKS_URL and the network',
    }
  }
  const { keys } = Object(parseJson(answer.text)) as { keys?: unknown }
  if (answer.status !== 200 || !Array.isArray(keys)) {
    return {
      state: 'wrong',
      subject,
      what: `${url} answers ${answer.status} and no JWKS`,
      why,
      fix: 'check AUTH_JWKS_URL: the issuer names it as jwks_uri',
    }
  }
  if (keys.length === 0)
    return {
      state: 'wrong',
      subject,
      what: 'the JWKS has no key',
      why,
      fix: 'publish the public key of the issuer',
    }
  return { state: 'ok', subject, what: `the JWKS has ${keys.length}` }
}

/** Sends an unsigned request to the callback URL, which must refuse it. */
export async function examineCallback(url: string): Promise<Finding> {
  const subject = 'callback'
  const fix = 'deploy upload-callback, and check DOMAIN, its route and its certificate'
  const answer = await ask(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  })
  if (typeof answer === 'string') {
    const why = 'OSS cannot call it, either: each upload answers 203 CallbackFailed'
    return { state: 'wrong', subject, what: `${url} cannot be reached: ${answer}`, why, fix }
  }
  const { code } = Object(parseJson(answer.text)) as { code?: unknown }
  if (answer.status === 403 && code === 'callback_rejected') {
    return { state: 'ok', subject, what: 'is reachable, and refuses what OSS did not sign' }
  }
  if (answer.status >= 200 && answer.status < 300) {
    const why = 'whoever sends it a request has an upload proven'
    return {
      state: 'wrong',
      subject,
      what: `takes an unsigned request (${answer.status})`,
      why,
      fix: 'make CALLBACK_URL the function upload-callback itself',
    }
  }
  const why = 'it is not the function upload-callback that answers, or it does not start'
  return { state: 'wrong', subject, what: `answers ${answer.status}`, why, fix }
}

type Answer = { status: number; text: string }

/** Returns the answer, or in words why there is none. */
async function ask(url: string, init: RequestInit): Promise<Answer | string> {
  try {
    const response = await fetch(url, {
      ...init,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    const bytes = Buffer.from(await response.arrayBuffer())
    return { status: response.status, text: bytes.subarray(0, MAX_BYTES).toString('utf8') }
  } catch (error) {
    const { name, cause } = error as { name: string; cause?: { code?: string } }
    return cause?.code ?? (name === 'TimeoutError' ? 'no answer in 5 s' : name)
  }
}
