import { createHmac, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { IssuerSettings } from '../../../shared/auth/keys'
import { type AuthContext, createTokenCache, verifyToken } from '../../../shared/auth/token'
import { Refusal } from '../../../shared/errors'
import type { OutgoingRequest, Send } from '../../../shared/http/message'

/** A token issuer for tests: its keys, and what it answers to requests for them. */
export const NOW = 1_700_000_000
export const SECRET = 'a secret of more than thirty-two bytes'
export const RSA = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const EC = generateKeyPairSync('ec', { namedCurve: 'P-256' })
export const ED = generateKeyPairSync('ed25519')

export const HS_ISSUER: IssuerSettings = {
  issuer: 'https://hs.example',
  audience: ['oss-direct'],
  algorithms: ['HS256'],
  secret: SECRET,
}
export const JWKS_ISSUER: IssuerSettings = {
  issuer: 'https://idp.example',
  audience: ['oss-direct', 'other'],
  algorithms: ['RS256', 'ES256', 'EdDSA'],
  jwksUrl: 'https://idp.example/jwks.json',
}

export const CLAIMS = {
  iss: 'https://idp.example',
  aud: 'oss-direct',
  sub: 'alice',
  exp: NOW + 600,
  plan: 'pro',
}
export const HS_CLAIMS = { ...CLAIMS, iss: 'https://hs.example' }

export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url')
}

const SIGNERS = {
  HS256: (text: string, key: unknown) =>
    createHmac('sha256', key as string)
      .update(text)
      .digest(),
  RS256: (text: string, key: unknown) => sign('sha256', Buffer.from(text), key as KeyObject),
  ES256: (text: string, key: unknown) =>
    sign('sha256', Buffer.from(text), { key: key as KeyObject, dsaEncoding: 'ieee-p1363' }),
  EdDSA: (text: string, key: unknown) => sign(null, Buffer.from(text), key as KeyObject),
} as const

export function signToken(
  header: { alg: keyof typeof SIGNERS; kid?: string; typ?: unknown },
  claims: unknown,
  key: KeyObject | string,
): string {
  const text = `${encode(header)}.${encode(claims)}`
  return `${text}.${SIGNERS[header.alg](text, key).toString('base64url')}`
}

export function hsToken(change: object = {}, secret = SECRET): string {
  return signToken({ alg: 'HS256' }, { ...HS_CLAIMS, ...change }, secret)
}

export function rsToken(change: object = {}, kid = 'rsa-1'): string {
  return signToken({ alg: 'RS256', kid }, { ...CLAIMS, ...change }, RSA.privateKey)
}

export function jwk(key: KeyObject, kid: string): object {
  return { ...key.export({ format: 'jwk' }), kid }
}

export const JWKS = {
  keys: [jwk(RSA.publicKey, 'rsa-1'), jwk(EC.publicKey, 'ec-1'), jwk(ED.publicKey, 'ed-1')],
}

/** A `Send` that answers by URL with JSON, a status, or an error, and counts. */
export function fakeSend(answers: Record<string, unknown>): Send & { asked: OutgoingRequest[] } {
  const asked: OutgoingRequest[] = []
  const send: Send = async (request) => {
    asked.push(request)
    const answer = answers[request.url]
    if (answer instanceof Error) throw answer
    const status = typeof answer === 'number' ? answer : 200
    const text = typeof answer === 'string' ? answer : JSON.stringify(answer ?? null)
    return { status, headers: {}, body: Buffer.from(text) }
  }
  return Object.assign(send, { asked })
}

export function context(change: Partial<AuthContext> = {}): AuthContext {
  return {
    issuers: [HS_ISSUER, JWKS_ISSUER],
    now: NOW,
    send: fakeSend({ 'https://idp.example/jwks.json': JWKS }),
    cache: createTokenCache(),
    ...change,
  }
}

export function bearer(token: string): string {
  return `Bearer ${token}`
}

/** Why a token is refused; `accepted` when it isn't. */
export async function reasonOf(
  authorization: string | undefined,
  auth: AuthContext = context(),
): Promise<string> {
  try {
    await verifyToken(authorization, auth)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}

let count = 0
/** A good token that was not seen before. */
export function freshToken(kid?: string): string {
  count += 1
  return bearer(rsToken({ count }, kid))
}
