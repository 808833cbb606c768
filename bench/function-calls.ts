import { SignJWT } from 'jose'
import {
  CALLBACK_PATH,
  CALLBACK_URL,
  credentials,
  grant,
  KEY_URL,
  SECRET,
  signedCallback,
} from './example'

const [ISSUER, AUDIENCE] = ['https://login.example.com', 'oss-direct']
const TOKEN_SECRET = 'another-secret-of-more-than-32-bytes-for-tokens'
const callback = signedCallback()

/** Returns the environment of a deployed function; `stsEndpoint` is a stub's. */
export function environment(name: string, stsEndpoint: string): Record<string, string> {
  return {
    OSS_BUCKET: grant.bucket,
    OSS_REGION: 'cn-hangzhou',
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_SECRET: TOKEN_SECRET,
    TICKET_SECRETS: SECRET,
    CALLBACK_URL,
    CONFIRM_UPLOADS: 'off',
    LEDGER: 'memory',
    STS_ENDPOINT: stsEndpoint,
    STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
    // Only an OSS on this machine may have a callback key of its own.
    ...(name === 'upload-callback' && {
      OSS_ENDPOINT: new URL(KEY_URL).origin,
      OSS_ADDRESSING: 'path',
      CALLBACK_KEY_URL: KEY_URL,
      CALLBACK_KEY: callback.pem,
    }),
  }
}

/** Returns one valid call of each function, as the gateway, OSS and a timer make it. */
export async function functionCalls() {
  const authorization = `Bearer ${await token()}`
  const file = { rule: grant.rule, filename: 'me.png', contentType: grant.contentType }
  const ask = (name: string, body: object) =>
    toCall(`/${name}`, { authorization, 'content-type': 'application/json' }, JSON.stringify(body))
  return {
    'signed-url': ask('signed-url', { operation: 'put', ...file, contentLength: 5 }),
    'post-policy': ask('post-policy', file),
    'upload-callback': toCall(CALLBACK_PATH, callback.headers, callback.body),
    sts: ask('sts', { rule: 'documents', access: 'write' }),
    'upload-event': toInvocation({ events: [createdEvent] }),
    'upload-sweep': toInvocation({ triggerName: 'sweep' }),
  }
}

function token(): Promise<string> {
  return new SignJWT({ plan: 'pro' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(grant.sub)
    .setExpirationTime('1h')
    .sign(Buffer.from(TOKEN_SECRET))
}

function toCall(rawPath: string, headers: Record<string, string>, body: string) {
  const http = { method: 'POST', path: rawPath, sourceIp: '192.0.2.1' }
  const requestContext = { requestId: 'request-1', http }
  const parts = { version: 'v1', rawPath, headers, queryParameters: {}, body }
  return toInvocation({ ...parts, isBase64Encoded: false, requestContext })
}

// An upload with STS credentials: for a form, the function would wait for the callback.
const createdEvent = {
  eventName: 'ObjectCreated:PutObject',
  eventSource: 'acs:oss',
  oss: {
    bucket: { name: grant.bucket },
    object: {
      key: `documents/${grant.sub}/report.pdf`,
      eTag: '5D41402ABC4B2A76B9719D911017C592',
      size: 5,
      objectMeta: { mimeType: 'application/pdf' },
    },
  },
}

function toInvocation(event: object) {
  const context = { requestId: 'request-1', accountId: '1234567890123456', credentials }
  return { event: JSON.stringify(event), context }
}
