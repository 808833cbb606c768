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
  /** The error of the last attempt, if it failed. */
  failure?: unknown
  pending?: Promise<void>
}

/** The time, network and cache that finding a key requires; `now` in Unix seconds. */
export type KeyContext = { now: number; send: Send; cache: { keySets: KeySets } }

const SECRET_WAY = 'make one with openssl rand -hex 32; a public key goes into AUTH_PUBLIC_KEY'
const SYMMETRIC = /^HS(256|384|512)$/
const ASYMMETRIC = /^((RS|PS|ES)(256|384|512)|EdDSA|Ed25519)$/
const FRESH_SECONDS = 600
/** The time for which known keys are used while their identity provider is down. @internal */
export const STALE_SECONDS = 6 * 3600
/** The minimum time between two requests to an identity provider that unknown key ids cause. @internal */
export const COOL_DOWN_SECONDS = 30
/** The time after a failure in which no request is sent to the provider. @internal */
export const PAUSE_SECONDS = 5
const FETCH_TIMEOUT_MS = 3000
const MAX_ANSWER_BYTES = 256 * 1024

/** Returns all issues of these issuers, each with the name of its issuer; empty if they are valid. */
export function findAuthIssues(issuers: readonly IssuerSettings[]): string[] {
  const names = issuers.map(({ issuer }) => issuer)
  const twins = names.filter((name, index) => names.indexOf(name) !== index)
  const secrets = issuers.flatMap(({ secret }) => secret ?? [])
  return [
    ...(issuers.length === 0 ? ['name at least one issuer'] : []),
    ...twins.map((name) => `${name}: is listed more than once`),
    ...(new Set(secrets).size < secrets.length
      ? ['two issuers share a secret, so that each could sign as the other (make one for each)']
      : []),
    ...issuers.flatMap((issuer) =>
      findIssuerIssues(issuer).map((issue) => `${issuer.issuer || 'an issuer'}: ${issue}`),
    ),
  ]
}

function findIssuerIssues(settings: IssuerSettings): string[] {
  const { issuer, audience, algorithms, jwksUrl, secret, publicKey, discovery } = settings
  const sources = [jwksUrl, secret, publicKey, discovery].filter((source) => source !== undefined)
  // RFC 8725 section 3.1: a public key must never be used as an HMAC secret.
  const family = secret === undefined ? ASYMMETRIC : SYMMETRIC
  const strange = algorithms.filter((algorithm) => !family.test(algorithm))
  const keyProblem = publicKey && findPublicKeyProblem(publicKey)
  const secretProblem = secret && findSecretProblem(secret)
  const issues: [boolean, string][] = [
    [issuer === '', 'must have a name'],
    [audience.length === 0 || audience.includes(''), 'requires at least one audience'],
    [sources.length !== 1, 'requires exactly one of jwksUrl, secret, publicKey and discovery'],
    [algorithms.length === 0, 'requires at least one algorithm'],
    [strange.length > 0, `${strange} can't be used with its kind of key`],
    [
      secret !== undefined && Buffer.byteLength(secret) < MIN_SECRET_BYTES,
      `the secret must be at least ${MIN_SECRET_BYTES} bytes long`,
    ],
    [!!secretProblem, `the secret ${secretProblem}, which others may know (${SECRET_WAY})`],
    [
      secret !== undefined && [issuer, ...audience].includes(secret),
      `the secret is the issuer or the audience, which every token contains (${SECRET_WAY})`,
    ],
    [!!keyProblem, `the public key ${keyProblem}`],
  ]
  return issues.filter(([isIssue]) => isIssue).map(([, sentence]) => sentence)
}

/**
 * Returns the key that a token with this header must be signed with; throws `token_algorithm` or
 * `identity_provider_unavailable`.
 */
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

/** Fetches the keys of an issuer again; returns false if they can't be fetched, or were fetched moments ago. */
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
  // The key may be a new one, which can't be fetched while the provider is down.
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

// A failure is stored, not thrown: keys fetched earlier may still be used.
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

// OpenID Connect Discovery 1.0, section 4: the document must name the issuer that it was requested for.
async function discoverJwksUrl(issuer: string, send: Send): Promise<string> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`
  const found = (await fetchJson(url, send, FETCH_TIMEOUT_MS / 2)) as Record<string, unknown>
  if (found.issuer !== issuer) throw new Error('the discovery document names another issuer')
  const jwksUrl = new URL(String(found.jwks_uri))
  const isSafe = jwksUrl.protocol === 'https:' || jwksUrl.protocol === new URL(issuer).protocol
  if (!isSafe) throw new Error('the jwks_uri in the discovery document must be https')
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
  if (status !== 200) throw new Error(`the identity provider returned status ${status}`)
  const found = parseJson(body.toString('utf8'))
  if (!isObject(found)) throw new Error('the identity provider must return a JSON object')
  return found
}

/** One token issuer; exactly one of the four sources of keys is set. */
export type IssuerSettings = {
  issuer: string
  /** The accepted values of `aud`. */
  audience: readonly string[]
  /** All symmetric with `secret`, otherwise all asymmetric. */
  algorithms: readonly string[]
  jwksUrl?: string
  /** At least 32 bytes. */
  secret?: string
  /** A public key in PEM, or a JWK in JSON. */
  publicKey?: string
  /** The `typ` that tokens must have; when absent, a token has none, JWT or at+jwt. */
  tokenType?: string
  /** Finds the JWKS by `<issuer>/.well-known/openid-configuration`. */
  discovery?: true
  /** Separates the subjects of this issuer from those of others: `<subPrefix>.<sub>`. It contains no dot. */
  subPrefix?: string
}
