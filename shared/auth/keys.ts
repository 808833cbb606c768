import type { KeyObject } from 'node:crypto'
import { JWKSNoMatchingKey } from 'jose/errors'
import { createLocalJWKSet } from 'jose/jwks/local'
import { Refusal } from '../errors'
import type { Send } from '../http/message'
import { isObject } from '../schema/schema'
import { MIN_SECRET_BYTES } from '../signing/limits'
import { parseJson } from '../text'
import { findPublicKeyProblem, findSecretProblem, toPublicKey } from './key-text'

/** The key sets that an instance has fetched, by issuer. */
export type KeySets = Map<string, KeySet>

type Resolve = ReturnType<typeof createLocalJWKSet>
type Header = NonNullable<Parameters<Resolve>[0]>
type Key = Awaited<ReturnType<Resolve>> | KeyObject | Uint8Array

type KeySet = {
  resolve?: Resolve
  fetchedAt: number
  triedAt: number
  /** Why the last try failed, when it did. */
  failure?: unknown
  pending?: Promise<void>
}

/** What finding a key needs of the world; `now` in Unix seconds. */
export type KeyContext = { now: number; send: Send; cache: { keySets: KeySets } }

const SECRET_WAY = 'make one with openssl rand -hex 32; a public key goes into AUTH_PUBLIC_KEY'
const SYMMETRIC = /^HS(256|384|512)$/
const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/
const FRESH_SECONDS = 600
/** How long known keys serve while their identity provider is down. @internal */
export const STALE_SECONDS = 6 * 3600
/** Callers' unknown key ids cause at most one request to an identity provider in this time. @internal */
export const COOL_DOWN_SECONDS = 30
/** After a failure, the provider is left alone for this long. @internal */
export const PAUSE_SECONDS = 5
const FETCH_TIMEOUT_MS = 3000
const MAX_ANSWER_BYTES = 256 * 1024

/** What is wrong with these issuers, each issue with its issuer; empty when nothing is. */
export function findIssuerIssues(issuers: readonly IssuerSettings[]): string[] {
  const names = issuers.map(({ issuer }) => issuer)
  const twins = names.filter((name, index) => names.indexOf(name) !== index)
  const secrets = issuers.flatMap(({ secret }) => secret ?? [])
  return [
    ...(issuers.length === 0 ? ['name at least one issuer'] : []),
    ...twins.map((name) => `${name}: is listed twice`),
    ...(new Set(secrets).size < secrets.length
      ? ['two issuers have one secret, so that each could sign as the other (make one for each)']
      : []),
    ...issuers.flatMap((issuer) =>
      listIssues(issuer).map((issue) => `${issuer.issuer || 'an issuer'}: ${issue}`),
    ),
  ]
}

function listIssues(settings: IssuerSettings): string[] {
  const { issuer, audience, algorithms, jwksUrl, secret, publicKey, discovery } = settings
  const sources = [jwksUrl, secret, publicKey, discovery].filter((source) => source !== undefined)
  // RFC 8725 section 3.1: a public key must never be taken for an HMAC secret.
  const family = secret === undefined ? ASYMMETRIC : SYMMETRIC
  const strange = algorithms.filter((algorithm) => !family.test(algorithm))
  const keyProblem = publicKey && findPublicKeyProblem(publicKey)
  const secretProblem = secret && findSecretProblem(secret)
  const issues: [boolean, string][] = [
    [issuer === '', 'has no name'],
    [audience.length === 0 || audience.includes(''), 'needs at least one audience'],
    [sources.length !== 1, 'needs exactly one of jwksUrl, secret, publicKey and discovery'],
    [algorithms.length === 0, 'needs at least one algorithm'],
    [strange.length > 0, `${strange} can't be used with its kind of key`],
    [
      secret !== undefined && Buffer.byteLength(secret) < MIN_SECRET_BYTES,
      `the secret needs at least ${MIN_SECRET_BYTES} bytes`,
    ],
    [!!secretProblem, `the secret ${secretProblem}, which others may know (${SECRET_WAY})`],
    [
      secret !== undefined && [issuer, ...audience].includes(secret),
      `the secret is the issuer or the audience, which every token shows (${SECRET_WAY})`,
    ],
    [!!keyProblem, `the public key ${keyProblem}`],
  ]
  return issues.filter(([isIssue]) => isIssue).map(([, sentence]) => sentence)
}

/** The key that a token with this header must be signed with. */
export async function findKey(
  header: Header,
  issuer: IssuerSettings,
  context: KeyContext,
): Promise<Key> {
  if (issuer.secret !== undefined) return secretKey(header, issuer.secret)
  if (!ASYMMETRIC.test(String(header.alg))) throw new Refusal('token_algorithm')
  if (issuer.publicKey !== undefined) return toPublicKey(issuer.publicKey)
  return fetchedKey(header, issuer, context)
}

function secretKey(header: Header, secret: string): Uint8Array {
  if (!SYMMETRIC.test(String(header.alg))) throw new Refusal('token_algorithm')
  return Buffer.from(secret)
}

/** Fetches the keys of an issuer again, where they can be; false when they were fetched moments ago. */
export async function refreshKeys(issuer: IssuerSettings, context: KeyContext): Promise<boolean> {
  const keySet = context.cache.keySets.get(issuer.issuer)
  const before = keySet?.fetchedAt
  if (keySet) await refresh(keySet, issuer, context)
  return keySet?.fetchedAt !== before
}

async function fetchedKey(
  header: Header,
  issuer: IssuerSettings,
  context: KeyContext,
): Promise<Key> {
  const keySet = keySetOf(issuer, context.cache.keySets)
  if (context.now - keySet.fetchedAt >= FRESH_SECONDS) await refresh(keySet, issuer, context)
  try {
    return await usable(keySet, context.now)(header)
  } catch (error) {
    if (!(error instanceof JWKSNoMatchingKey)) throw error
  }
  await refresh(keySet, issuer, context)
  // The key may be a new one that a provider who is down can't tell us about.
  if (keySet.failure !== undefined) throw toUnavailable(keySet)
  return usable(keySet, context.now)(header)
}

function keySetOf({ issuer }: IssuerSettings, keySets: KeySets): KeySet {
  const known = keySets.get(issuer)
  if (known) return known
  const never = Number.NEGATIVE_INFINITY
  const keySet = { fetchedAt: never, triedAt: never }
  keySets.set(issuer, keySet)
  return keySet
}

function usable(keySet: KeySet, now: number): Resolve {
  if (keySet.resolve === undefined || now - keySet.fetchedAt >= STALE_SECONDS) {
    throw toUnavailable(keySet)
  }
  return keySet.resolve
}

function toUnavailable({ failure }: KeySet): Refusal {
  return new Refusal('identity_provider_unavailable', {}, { cause: failure })
}

async function refresh(keySet: KeySet, issuer: IssuerSettings, context: KeyContext): Promise<void> {
  if (keySet.pending === undefined) {
    const pauseSeconds = keySet.failure === undefined ? COOL_DOWN_SECONDS : PAUSE_SECONDS
    if (context.now - keySet.triedAt < pauseSeconds) return
    keySet.triedAt = context.now
    keySet.pending = fetchInto(keySet, issuer, context)
  }
  await keySet.pending
}

// A failure is kept, not thrown: keys fetched earlier may still serve.
async function fetchInto(
  keySet: KeySet,
  issuer: IssuerSettings,
  context: KeyContext,
): Promise<void> {
  try {
    keySet.resolve = createLocalJWKSet(await fetchJwks(issuer, context.send))
    keySet.fetchedAt = context.now
    delete keySet.failure
  } catch (error) {
    keySet.failure = error
  } finally {
    delete keySet.pending
  }
}

type Jwks = Parameters<typeof createLocalJWKSet>[0]

async function fetchJwks(issuer: IssuerSettings, send: Send): Promise<Jwks> {
  if (issuer.jwksUrl !== undefined) {
    return (await fetchJson(issuer.jwksUrl, send, FETCH_TIMEOUT_MS)) as Jwks
  }
  const url = await discoverJwksUrl(issuer.issuer, send)
  return (await fetchJson(url, send, FETCH_TIMEOUT_MS / 2)) as Jwks
}

// OpenID Connect Discovery 1.0, section 4: the document must name the issuer it was asked for.
async function discoverJwksUrl(issuer: string, send: Send): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const found = (await fetchJson(url, send, FETCH_TIMEOUT_MS / 2)) as Record<string, unknown>
  if (found.issuer !== issuer) throw new Error('the discovery document names another issuer')
  const jwksUrl = new URL(String(found.jwks_uri))
  const isSafe = jwksUrl.protocol === 'https:' || jwksUrl.protocol === new URL(issuer).protocol
  if (!isSafe) throw new Error('the discovery document names keys without encryption')
  return jwksUrl.href
}

async function fetchJson(url: string, send: Send, timeoutMs: number): Promise<object> {
  const { status, body } = await send({
    method: 'GET',
    url,
    headers: { accept: 'application/json' },
    timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
  })
  if (status !== 200) throw new Error(`the identity provider answered ${status}`)
  const found = parseJson(body.toString('utf8'))
  if (!isObject(found)) throw new Error('expected a JSON object')
  return found
}

/** One token issuer; exactly one of the four key sources is set. */
export type IssuerSettings = {
  issuer: string
  /** A token for any of these is for us. */
  audience: readonly string[]
  /** All symmetric with `secret`, all asymmetric without. */
  algorithms: readonly string[]
  jwksUrl?: string
  /** At least 32 bytes. */
  secret?: string
  /** A public key as PEM, or as the JSON text of a JWK. */
  publicKey?: string
  /** The `typ` that access tokens must have; none, JWT or at+jwt when absent. */
  tokenType?: string
  /** Finds the JWKS by `<issuer>/.well-known/openid-configuration`. */
  discovery?: true
  /** Keeps this issuer's subjects apart from those of others: `<subPrefix>.<sub>`. No dot in it. */
  subPrefix?: string
}
