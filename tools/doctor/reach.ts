import type OSS from 'ali-oss'
import type { Finding } from '../findings'

/** What the client rejects with. */
type Reply = { code?: unknown; name?: string; message?: string }

const MAX_SKEW_SECONDS = 900
const WARN_SECONDS = 60
const TIMEOUT_MS = 5000
const SUBJECT = 'bucket'

const BY_CODE: Readonly<Record<string, readonly [what: string, fix: string]>> = {
  NoSuchBucket: ['is not there', 'create it, or check OSS_BUCKET'],
  AccessDenied: [
    'may not be read with this key',
    'give the key oss:GetBucket*, oss:GetObject and oss:ListObjects on this bucket',
  ],
  InvalidAccessKeyId: [
    'is not asked: there is no such AccessKey id',
    'check ALIBABA_CLOUD_ACCESS_KEY_ID and, for STS, ALIBABA_CLOUD_SECURITY_TOKEN',
  ],
  SignatureDoesNotMatch: [
    'is not asked: the secret is of another key',
    'check ALIBABA_CLOUD_ACCESS_KEY_SECRET',
  ],
  SecurityTokenExpired: ['is not asked: the STS token has expired', 'get new credentials'],
  InvalidSecurityToken: ['is not asked: the STS token is damaged', 'copy it whole'],
  RequestTimeTooSkewed: ['is not asked: the clock of this machine is wrong', 'set it by NTP'],
  UserDisable: ['is not asked: the account is in arrears or closed', 'settle the account'],
}
const NO_NETWORK =
  /ENOTFOUND|ECONNREFUSED|ECONNRESET|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|[Tt]imeout/
const REGION = /specified endpoint|signing region/

/** Asks for the bucket's own facts; says why it cannot be asked. */
export async function reach(client: OSS, bucket: string, region: string): Promise<Finding[]> {
  try {
    const { bucket: info } = (await client.getBucketInfo(bucket)) as unknown as {
      bucket: { Location?: string }
    }
    const location = info.Location?.replace(/^oss-/, '')
    return [
      { state: 'ok', subject: SUBJECT, what: 'is there, and may be read with this key' },
      location === region
        ? { state: 'ok', subject: 'region', what: `of the bucket is ${region}` }
        : wrongRegion(location, region),
    ]
  } catch (error) {
    return [toFinding(error as Reply, region)]
  }
}

function wrongRegion(location: string | undefined, region: string): Finding {
  const what =
    location === undefined ? `is not ${region}` : `of the bucket is ${location}, not ${region}`
  const why = 'signatures of another region are refused, and triggers work in one region alone'
  return {
    state: 'wrong',
    subject: 'region',
    what,
    why,
    fix: "set OSS_REGION to the bucket's region",
  }
}

function toFinding({ code, name = '', message = '' }: Reply, region: string): Finding {
  if (REGION.test(message)) return wrongRegion(undefined, region)
  const [what, fix] = BY_CODE[String(code)] ?? []
  if (what) return { state: 'wrong', subject: SUBJECT, what, ...(fix && { fix }) }
  if (NO_NETWORK.test(`${String(code)} ${name} ${message}`)) {
    const fix = 'check the network, the region and the endpoint'
    return {
      state: 'unknown',
      subject: SUBJECT,
      what: 'cannot be reached: no network, or no such endpoint',
      fix,
    }
  }
  return {
    state: 'unknown',
    subject: SUBJECT,
    what: `answers ${String(code ?? name)}`,
    fix: `oss-direct explain ${String(code ?? name)}`,
  }
}

/** Compares this machine's clock with that of OSS, which every answer has, also one to an unsigned request. */
export async function examineClock(endpoint: string, now: () => number): Promise<Finding> {
  const subject = 'clock'
  const there = await fetch(endpoint, {
    method: 'HEAD',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).then(
    ({ headers }) => Date.parse(headers.get('date') ?? '') / 1000,
    () => Number.NaN,
  )
  if (Number.isNaN(there)) {
    const fix = 'check the network, the region and the endpoint'
    return { state: 'unknown', subject, what: 'cannot be compared: OSS gives no time', fix }
  }
  const seconds = Math.round(Math.abs(there - now()))
  if (seconds <= WARN_SECONDS) return { state: 'ok', subject, what: 'agrees with OSS' }
  return {
    ...{ state: 'wrong', subject, what: `is ${seconds} s from that of OSS` },
    why: `beyond ${MAX_SKEW_SECONDS} s every signature is refused, and tokens live shorter or longer than they should`,
    fix: 'set the clock by NTP',
  }
}
