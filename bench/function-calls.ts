import { createSign, generateKeyPairSync } from 'node:crypto'
import { SignJWT } from 'jose'
import { signTicket, toTicket } from '../shared/auth/ticket'

const SECRET = 'a-secret-of-more-than-32-bytes-for-the-bench'
const KEY_URL = 'http://localhost:9001/key.pem'
const [ISSUER, AUDIENCE] = ['https://login.example.com', 'oss-direct']
const [BUCKET, RULE, SUB] = ['demo-bkt', 'avatar', 'alice']
// A 512-bit key, as OSS has; ours, since nobody else can sign with OSS's.
const pair = generateKeyPairSync('rsa', { modulusLength: 512 })

/** The settings of the functions as deployed; `stsEndpoint` is a stub's. */
export function environment(name: string, stsEndpoint: string): Record<string, string> {
  return {
    OSS_BUCKET: BUCKET,
    OSS_REGION: 'cn-hangzhou',
    AUTH_ISSUER: ISSUER,
    AUTH_AUDIENCE: AUDIENCE,
    AUTH_SECRET: SECRET,
    TICKET_SECRETS: SECRET,
    CALLBACK_URL: 'https://api.example.com/upload-callback',
    CONFIRM_UPLOADS: 'off',
    LEDGER: 'memory',
    STS_ENDPOINT: stsEndpoint,
    STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
    ...(name === 'upload-callback' && callbackKey()),
  }
}

function callbackKey(): Record<string, string> {
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' })
  return { CALLBACK_KEY_URL: KEY_URL, CALLBACK_KEY: pem.toString() }
}

/** One good call of each function, as the gateway and OSS make them. */
export async function functionCalls() {
  const now = Math.floor(Date.now() / 1000)
  const authorization = `Bearer ${await token()}`
  const file = { rule: RULE, filename: 'me.png', contentType: 'image/png' }
  const ask = (name: string, body: object) =>
    toCall(`/${name}`, { authorization, 'content-type': 'application/json' }, JSON.stringify(body))
  return {
    'signed-url': ask('signed-url', { operation: 'put', ...file, contentLength: 5 }),
    'post-policy': ask('post-policy', file),
    'upload-callback': callbackCall(now),
    sts: ask('sts', { rule: 'documents', access: 'write' }),
  }
}

function token(): Promise<string> {
  return new SignJWT({ plan: 'pro' })
    .setProtectedHeader({ alg: 'HS256' })
    .setIssuer(ISSUER)
    .setAudience(AUDIENCE)
    .setSubject(SUB)
    .setExpirationTime('1h')
    .sign(Buffer.from(SECRET))
}

function callbackCall(now: number) {
  const key = `avatars/${SUB}/0b5c6a8e-6ae8-4f0e-8d1e-2f6c1b0c9a11.png`
  const limits = { minBytes: 0, maxBytes: 5 * 1024 ** 2, contentType: 'image/png' }
  const grant = { kind: 'upload', mechanism: 'form', rule: RULE, sub: SUB } as const
  const bounds = { bucket: BUCKET, key, ...limits, expiresAt: now + 600 }
  const body = JSON.stringify({
    bucket: BUCKET,
    object: key,
    etag: '5D41402ABC4B2A76B9719D911017C592',
    size: 5,
    mimeType: limits.contentType,
    ticket: signTicket(toTicket({ ...grant, ...bounds }, 'id'), [SECRET]),
  })
  const signed = createSign('md5').update(`/upload-callback\n${body}`)
  const headers = {
    authorization: signed.sign(pair.privateKey, 'base64'),
    'x-oss-pub-key-url': Buffer.from(KEY_URL).toString('base64'),
  }
  return toCall('/upload-callback', headers, body)
}

function toCall(rawPath: string, headers: Record<string, string>, body: string) {
  const http = { method: 'POST', path: rawPath, sourceIp: '192.0.2.1' }
  const requestContext = { requestId: 'request-1', http }
  const parts = { version: 'v1', rawPath, headers, queryParameters: {}, body }
  const credentials = {
    accessKeyId: 'STS.NUexampleexampleexample1',
    accessKeySecret: 's'.repeat(44),
    securityToken: `CAIS${Buffer.alloc(577, 'seventy-seven').toString('base64')}`.slice(0, 774),
  }
  return {
    event: JSON.stringify({ ...parts, isBase64Encoded: false, requestContext }),
    context: { requestId: 'request-1', accountId: '1234567890123456', credentials },
  }
}
