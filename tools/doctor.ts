import OSS from 'ali-oss'
import { LEDGER_PREFIX } from '../shared/events/oss-ledger'
import { OWED_PREFIX } from '../shared/events/owed'
import { UsageError } from './command-line'
import type { Finding } from './findings'

// Nobody may write it, so that it is never there.
const PROBE_KEY = '.oss-direct/doctor'
const METHODS = ['GET', 'HEAD', 'PUT', 'POST']
const MIN_MARKER_DAYS = 30
// Parts are asked for with a ticket that lives for a day.
const MIN_PART_DAYS = 2
const MAX_PART_DAYS = 30

/** A CORS rule as the client reads it. */
export type CorsRule = {
  allowedOrigin?: string | string[]
  allowedMethod?: string | string[]
  exposeHeader?: string | string[]
}
type Days = { days?: number | string }
type LifecycleRule = {
  prefix?: unknown
  status?: string
  expiration?: Days
  abortMultipartUpload?: Days
}
type PublicAccess = { acl: string; isBlocked: boolean }

/** What the bucket said of itself; `undefined` where it would not say. */
export type BucketFacts = {
  /** Whether objects can be reached at this endpoint. */
  endpoint: 'open' | 'closed' | undefined
  versioning: 'Enabled' | 'Suspended' | 'off' | undefined
  cors: readonly CorsRule[] | undefined
  lifecycle: readonly LifecycleRule[] | undefined
  publicAccess: PublicAccess | undefined
}

/** What these facts mean for uploads, each with what to do about it. */
export function diagnose(facts: BucketFacts): Finding[] {
  return [
    judge('endpoint', facts.endpoint, (state) => state === 'open', {
      ok: 'takes requests for objects',
      wrong: 'refuses requests for objects (PublicEndpointForbidden)',
      why: 'accounts in mainland China may not use the public endpoint since March 2025',
      fix: 'bind a domain to the bucket: OSS_ENDPOINT=https://<domain> OSS_ADDRESSING=cname, and OSS_INTERNAL_ENDPOINT=internal for the functions',
    }),
    judge('versioning', facts.versioning, (state) => state === 'off', {
      ok: 'is off: the ledger counts each upload once',
      wrong: 'is on or suspended',
      why: 'x-oss-forbid-overwrite means nothing there: the ledger refuses every upload',
      fix: 'use a bucket that never had versioning',
    }),
    judge('CORS', facts.cors, letsPagesUpload, {
      ok: 'lets pages upload, download and read ETag',
      wrong: 'has no rule that lets pages upload',
      why: 'browsers refuse what the bucket does not allow',
      fix: `add a rule with the methods ${METHODS.join(', ')}, any header and ETag exposed: oss-direct roles`,
    }),
    judge('public', facts.publicAccess, ({ acl, isBlocked }) => isBlocked || acl === 'private', {
      ok: 'access needs the ACL of an object: the bucket itself is closed',
      wrong: 'access is open by the ACL of the bucket',
      why: 'what is written without an ACL, as STS credentials can, is public',
      fix: 'make the bucket private, or turn on Block Public Access',
    }),
    judge('parts', facts.lifecycle, abortsUploads, {
      ok: 'of uploads that nobody completes are removed',
      wrong: 'of uploads that nobody completes are kept',
      why: 'they are paid for, and no listing of objects shows them',
      fix: `add a lifecycle rule on the whole bucket that aborts uploads in parts after ${MIN_PART_DAYS} to ${MAX_PART_DAYS} days: oss-direct roles`,
    }),
    judge('owed events', facts.lifecycle, keepsOwed, {
      ok: 'are removed by no lifecycle rule',
      wrong: 'would be removed by a lifecycle rule',
      why: 'their consumer never has them',
      fix: `let no rule that removes objects cover ${OWED_PREFIX}, as one on the whole bucket does`,
    }),
    judge('lifecycle', facts.lifecycle, removesMarkers, {
      ok: 'removes old markers of the ledger',
      wrong: 'has no right rule for the markers of the ledger',
      why: 'they stay for ever; where they are removed too early, an old callback counts again',
      fix: `add a rule that removes objects below ${LEDGER_PREFIX} after ${MIN_MARKER_DAYS} days or more: oss-direct roles`,
    }),
  ]
}

type Advice = { ok: string; wrong: string; why?: string; fix?: string }

function judge<Fact>(
  subject: string,
  fact: Fact | undefined,
  isRight: (fact: Fact) => boolean,
  { ok, wrong, why, fix }: Advice,
): Finding {
  if (fact === undefined) {
    const what = 'could not be read with this key at this endpoint'
    return { state: 'unknown', subject, what, fix: 'give the key oss:GetBucket* on this bucket' }
  }
  if (isRight(fact)) return { state: 'ok', subject, what: ok }
  return { state: 'wrong', subject, what: wrong, ...(why && { why }), ...(fix && { fix }) }
}

function letsPagesUpload(rules: readonly CorsRule[]): boolean {
  return rules.some(({ allowedMethod, exposeHeader }) => {
    const methods = [allowedMethod ?? []].flat().map((method) => method.toUpperCase())
    const exposed = [exposeHeader ?? []].flat().map((name) => name.toLowerCase())
    return METHODS.every((method) => methods.includes(method)) && exposed.includes('etag')
  })
}

function removesMarkers(rules: readonly LifecycleRule[]): boolean {
  const covering = rules.filter(
    (rule) => isOn(rule) && rule.expiration && LEDGER_PREFIX.startsWith(prefixOf(rule)),
  )
  return (
    covering.length > 0 &&
    covering.every(({ expiration }) => Number(expiration?.days) >= MIN_MARKER_DAYS)
  )
}

function keepsOwed(rules: readonly LifecycleRule[]): boolean {
  const covers = (prefix: string) =>
    OWED_PREFIX.startsWith(prefix) || prefix.startsWith(OWED_PREFIX)
  return !rules.some((rule) => isOn(rule) && rule.expiration && covers(prefixOf(rule)))
}

function abortsUploads(rules: readonly LifecycleRule[]): boolean {
  return rules.some((rule) => {
    const days = Number(rule.abortMultipartUpload?.days)
    return isOn(rule) && prefixOf(rule) === '' && days >= MIN_PART_DAYS && days <= MAX_PART_DAYS
  })
}

function isOn({ status }: LifecycleRule): boolean {
  return status === 'Enabled'
}

// The client reads an empty element as an object.
function prefixOf({ prefix }: LifecycleRule): string {
  return typeof prefix === 'string' ? prefix : ''
}

// The client's types leave this call out.
type Versioned = OSS & {
  getBucketVersioning(bucket: string): Promise<{ versionStatus?: 'Enabled' | 'Suspended' }>
}

/** Asks the bucket. */
export async function examine(client: OSS, bucket: string): Promise<BucketFacts> {
  const [endpoint, versioning, cors, lifecycle, publicAccess] = await Promise.all([
    probe(client),
    read(async () => {
      const { versionStatus } = await (client as Versioned).getBucketVersioning(bucket)
      return versionStatus ?? 'off'
    }),
    read(async () => (await client.getBucketCORS(bucket)).rules as CorsRule[], []),
    read(async () => (await client.getBucketLifecycle(bucket)).rules as LifecycleRule[], []),
    read(async () => {
      const [{ acl }, info] = await Promise.all([
        client.getBucketACL(bucket),
        client.getBucketInfo(bucket),
      ])
      return { acl, isBlocked: info.bucket.BlockPublicAccess === 'true' }
    }),
  ])
  return { endpoint, versioning, cors, lifecycle, publicAccess }
}

const ENDPOINT_STATES: Readonly<Record<string, 'open' | 'closed'>> = {
  NoSuchKey: 'open',
  PublicEndpointForbidden: 'closed',
}

async function probe(client: OSS): Promise<BucketFacts['endpoint']> {
  try {
    await client.get(PROBE_KEY)
    return 'open'
  } catch (error) {
    return ENDPOINT_STATES[(error as { code?: string }).code ?? '']
  }
}

// OSS answers 404 where nothing was ever set; everything else leaves the fact unknown.
async function read<Fact>(ask: () => Promise<Fact>, none?: Fact): Promise<Fact | undefined> {
  try {
    return (await ask()) ?? none
  } catch (error) {
    return (error as { status?: number }).status === 404 ? none : undefined
  }
}

/** What the client of the bucket is made of. */
export type ClientOptions = {
  bucket: string
  region: string
  endpoint?: string
  isCname?: boolean
}

/** Returns a client with the key in the environment; throws a `UsageError` without one. */
export function createClient(values: ClientOptions): OSS {
  const { bucket, region, endpoint, isCname } = values
  const { ALIBABA_CLOUD_ACCESS_KEY_ID: accessKeyId, ALIBABA_CLOUD_ACCESS_KEY_SECRET: secret } =
    process.env
  const { ALIBABA_CLOUD_SECURITY_TOKEN: stsToken } = process.env
  if (!accessKeyId || !secret)
    throw new UsageError(
      'ALIBABA_CLOUD_ACCESS_KEY_ID and ALIBABA_CLOUD_ACCESS_KEY_SECRET are needed',
    )
  return new OSS({
    accessKeyId,
    accessKeySecret: secret,
    bucket,
    region: `oss-${region.replace(/^oss-/, '')}`,
    authorizationV4: true,
    ...(stsToken && { stsToken }),
    ...(endpoint
      ? { endpoint, ...(isCname ? { cname: true } : { sldEnable: true }) }
      : { secure: true }),
  } as OSS.Options)
}
