import { fromProblem, networkFailure } from './failure'
import { type Fields, fromJson, textOf, textsOf, timeOf, toFields } from './parse'

/** The caller: the name and plan that the local token issuer writes into a token. */
export type Caller = { sub: string; pro: boolean }

/**
 * Calls one of the functions as one caller and returns its response; throws a `Failure` for every
 * refusal.
 */
export type CallFunction = (path: string, request: Fields, signal?: AbortSignal) => Promise<Fields>

/** The response of `POST /signed-url`. */
export type SignedUrl = {
  url: string
  headers: Record<string, string>
  key: string
  /** The remaining lifetime, independent of this device's clock. */
  lifetimeMs: number
}

/** The response of `POST /post-policy`. */
export type SignedForm = { url: string; fields: Record<string, string>; key: string }

/** The response of `POST /sts` with write access. */
export type StsCredentials = {
  accessKeyId: string
  accessKeySecret: string
  securityToken: string
  bucket: string
  region: string
  endpoint: string
  prefix: string
  /** The headers to send with each upload. */
  headers: Record<string, string>
  callback: Callback
  refreshAfterMs: number
  /** The server's time minus this device's time. */
  clockAheadMs: number
}

/** The callback after an upload, as `POST /sts` describes it. */
export type Callback = { url: string; body: string; bodyType: string; ticket: string }

/**
 * Returns a `CallFunction` for this caller, which signs in before the first request and again after
 * a refused token.
 */
export function callAs(caller: Caller): CallFunction {
  let token: Promise<string> | undefined
  return async (path, request, signal) => {
    token ??= signIn(caller)
    try {
      return await post(path, request, { token: await token, ...(signal && { signal }) })
    } catch (error) {
      if (isFailed(error, 'invalid_token') || isFailed(error, 'network')) token = undefined
      throw error
    }
  }
}

/** Parses a response of `POST /signed-url`. */
export function toSignedUrl(answer: Fields): SignedUrl {
  return {
    url: textOf(answer, 'url'),
    headers: textsOf(answer, 'headers'),
    key: textOf(answer, 'key'),
    lifetimeMs: timeOf(answer, 'expiresAt') - timeOf(answer, 'serverTime'),
  }
}

/** Parses a response of `POST /post-policy`. */
export function toSignedForm(answer: Fields): SignedForm {
  return {
    url: textOf(answer, 'url'),
    fields: textsOf(answer, 'fields'),
    key: textOf(answer, 'key'),
  }
}

/** Parses a response of `POST /sts`. */
export function toStsCredentials(answer: Fields): StsCredentials {
  const credentials = toFields(answer.credentials)
  const serverTime = timeOf(answer, 'serverTime')
  return {
    accessKeyId: textOf(credentials, 'accessKeyId'),
    accessKeySecret: textOf(credentials, 'accessKeySecret'),
    securityToken: textOf(credentials, 'securityToken'),
    bucket: textOf(answer, 'bucket'),
    region: textOf(answer, 'region'),
    endpoint: textOf(answer, 'endpoint'),
    prefix: textOf(answer, 'prefix'),
    headers: textsOf(answer, 'headers'),
    callback: toCallback(toFields(answer.callback)),
    refreshAfterMs: timeOf(answer, 'refreshAfter') - serverTime,
    clockAheadMs: serverTime - Date.now(),
  }
}

function toCallback(callback: Fields): Callback {
  return {
    url: textOf(callback, 'callbackUrl'),
    body: textOf(callback, 'callbackBody'),
    bodyType: textOf(callback, 'callbackBodyType'),
    ticket: textOf(toFields(callback.callbackVar), 'x:ticket'),
  }
}

async function signIn({ sub, pro }: Caller): Promise<string> {
  const answer = await post('/local/token', { sub, claims: { plan: pro ? 'pro' : 'free' } }, {})
  return textOf(answer, 'token')
}

/** Gets a public resource of the local cloud; throws a `Failure` for an error response. */
export function read(path: string): Promise<Fields> {
  return exchange(path, {})
}

function post(
  path: string,
  body: Fields,
  { token, signal }: { token?: string; signal?: AbortSignal },
): Promise<Fields> {
  return exchange(path, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(token && { authorization: `Bearer ${token}` }),
    },
    body: JSON.stringify(body),
    ...(signal && { signal }),
  })
}

async function exchange(path: string, init: RequestInit): Promise<Fields> {
  const response = await fetch(path, init).catch((error: unknown) => {
    init.signal?.throwIfAborted()
    throw error instanceof TypeError ? networkFailure() : error
  })
  const text = await response.text()
  if (!response.ok) throw fromProblem(response.status, text)
  return toFields(fromJson(text))
}

function isFailed(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
