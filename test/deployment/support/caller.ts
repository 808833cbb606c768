import { createHmac } from 'node:crypto'
import { toEvent } from '../../../local/fc/event'

const SECRET = 'the secret of these tests, of 32 bytes or more'

/** The settings by which functions accept the tokens of `bearer`, beside those of the manifest. */
export const CALLER_SETTINGS = { AUTH_JWKS_URL: '', AUTH_SECRET: SECRET }

/** Returns the Authorization header of a caller, as a back end with sessions makes it. */
export function bearer({ iss, aud }: { iss: string; aud: string }): string {
  const exp = Math.floor(Date.now() / 1000) + 600
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const claims = { iss, aud, sub: 'alice', plan: 'pro', exp }
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode(claims)}`
  return `Bearer ${signed}.${createHmac('sha256', SECRET).update(signed).digest('base64url')}`
}

type Request = { method?: string; path: string; headers?: Record<string, string>; body?: object }

/** Returns the event of the gateway for this request, as the local cloud makes it. */
export function httpEvent({ method = 'POST', path, headers = {}, body }: Request): Buffer {
  const sent = { Host: 'upload.example.com', 'Content-Type': 'application/json', ...headers }
  const event = toEvent(
    {
      ...{ method, url: path, httpVersion: '1.1', sourceIp: '203.0.113.9' },
      rawHeaders: Object.entries(sent).flat(),
      body: Buffer.from(body ? JSON.stringify(body) : ''),
    },
    {
      ...{ accountId: '1234567890123456', requestId: 'a-request' },
      ...{ host: sent.Host, now: Date.now() },
    },
  )
  return Buffer.from(JSON.stringify(event))
}
