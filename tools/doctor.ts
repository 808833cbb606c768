import OSS from 'ali-oss'
import { LEDGER_PREFIX } from '../shared/events/oss-ledger'
import { OWED_PREFIX } from '../shared/events/owed'
import { type OptionTypes, type Tool, UsageError, type Values } from './command-line'

const HELP = `Looks at a bucket and says what would keep uploads from working or being proven.

  oss-direct doctor --bucket NAME --region ID [--endpoint URL]

The AccessKey comes from ALIBABA_CLOUD_ACCESS_KEY_ID, ALIBABA_CLOUD_ACCESS_KEY_SECRET and, for STS
credentials, ALIBABA_CLOUD_SECURITY_TOKEN. It needs oss:GetBucket*, oss:GetObject and oss:ListObjects, and
changes nothing.

  --bucket NAME    the bucket
  --region ID      its region, like cn-hangzhou
  --endpoint URL   where OSS answers, when it isn't the region's public endpoint; path style
  --help           prints this; --version the version

Example:
  oss-direct doctor --bucket my-bucket --region cn-hangzhou`

// Nobody may write it, so that it is never there.
const PROBE_KEY = '.oss-direct/doctor'
const METHODS = ['GET', 'HEAD', 'PUT', 'POST']
const MIN_MARKER_DAYS = 30
// Parts are asked for with a ticket that lives for a day.
const MIN_PART_DAYS = 2
const MAX_PART_DAYS = 30

type CorsRule = { allowedMethod?: string | string[]; exposeHeader?: string | string[] }
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

export type Finding = { state: 'ok' | 'wrong' | 'unknown'; subject: string; advice: string }

/** What these facts mean for uploads, each with what to do about it. */
export function diagnose(facts: BucketFacts): Finding[] {
  return [
    judge('endpoint', facts.endpoint, (state) => state === 'open', {
      ok: 'takes requests for objects',
      wrong:
        'refuses requests for objects (PublicEndpointForbidden), as for accounts in mainland China since March 2025: bind a custom domain to the bucket and set OSS_ENDPOINT=https://<domain> and OSS_ADDRESSING=cname, with OSS_INTERNAL_ENDPOINT=internal for the functions',
    }),
    judge('versioning', facts.versioning, (state) => state === 'off', {
      ok: 'is off: the ledger counts each upload once',
      wrong:
        'is on or suspended, where x-oss-forbid-overwrite means nothing: the ledger refuses every upload. Use a bucket that never had versioning',
    }),
    judge('CORS', facts.cors, letsPagesUpload, {
      ok: 'lets pages upload, download and read ETag',
      wrong: `needs a rule for your origins with the methods ${METHODS.join(', ')}, any header, and ETag exposed`,
    }),
    judge('public', facts.publicAccess, ({ acl, isBlocked }) => isBlocked || acl === 'private', {
      ok: 'access needs the ACL of an object: the bucket itself is closed',
      wrong:
        'access is open by the ACL of the bucket: what is written without an ACL, as STS credentials can, is public. Make the bucket private or turn on Block Public Access',
    }),
    judge('parts', facts.lifecycle, abortsUploads, {
      ok: 'of uploads that nobody completes are removed',
      wrong: `need a rule on the whole bucket that aborts uploads in parts after ${MIN_PART_DAYS} to ${MAX_PART_DAYS} days: those that nobody completes are kept and paid for, and no listing shows them`,
    }),
    judge('owed events', facts.lifecycle, keepsOwed, {
      ok: 'are removed by no lifecycle rule',
      wrong: `would be removed by a lifecycle rule before their consumer has them: let no rule that removes objects cover ${OWED_PREFIX}, as one on the whole bucket does`,
    }),
    judge('lifecycle', facts.lifecycle, removesMarkers, {
      ok: 'removes old markers of the ledger',
      wrong: `needs a rule that removes objects below ${LEDGER_PREFIX} after ${MIN_MARKER_DAYS} days or more: markers stay for ever otherwise, and a shorter time lets an old callback count again`,
    }),
  ]
}

function judge<Fact>(
  subject: string,
  fact: Fact | undefined,
  isRight: (fact: Fact) => boolean,
  advice: { ok: string; wrong: string },
): Finding {
  if (fact === undefined) {
    return { state: 'unknown', subject, advice: 'could not be read with this key at this endpoint' }
  }
  const state = isRight(fact) ? 'ok' : 'wrong'
  return { state, subject, advice: advice[state] }
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

async function examine(client: OSS, bucket: string): Promise<BucketFacts> {
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

function createClient(values: { bucket: string; region: string; endpoint?: string }): OSS {
  const { bucket, region, endpoint } = values
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
    ...(endpoint ? { endpoint, sldEnable: true } : { secure: true }),
  } as OSS.Options)
}

const OPTIONS = {
  bucket: { type: 'string' },
  region: { type: 'string' },
  endpoint: { type: 'string' },
} as const satisfies OptionTypes

async function printFindings({ bucket, region, endpoint }: Values): Promise<number> {
  if (!bucket || !region) throw new UsageError('--bucket and --region are needed')
  const client = createClient({ bucket, region, ...(endpoint && { endpoint }) })
  await client.getBucketInfo(bucket).catch(({ code, status }) => {
    throw new Error(`The bucket ${bucket} can't be read: ${code ?? status}`)
  })
  const findings = diagnose(await examine(client, bucket))
  for (const { state, subject, advice } of findings) {
    console.log(`${state.padEnd(8)} ${subject.padEnd(11)} ${advice}`)
  }
  return findings.some(({ state }) => state === 'wrong') ? 1 : 0
}

/** The command `oss-direct doctor`. */
export const command: Tool = { help: HELP, options: OPTIONS, run: printFindings }
