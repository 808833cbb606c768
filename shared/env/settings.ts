import { createPublicKey } from 'node:crypto'
import * as v from 'valibot'
import { readIssuers } from '../auth/issuers'
import type { IssuerSettings } from '../auth/keys'
import type { DenyList } from '../auth/token'
import { isWebhookSecret, type Webhook } from '../events/webhook'
import type { LogLevel } from '../log'
import { describeIssue } from '../schema/issues'
import { bucketName } from '../schema/schema'
import { HOST_KINDS, isHostKind, type OssTarget, ossEndpoint } from '../signing/target'
import type { SignatureVersion } from '../signing/version'
import { isLoopback, isSafeUrl, parseJson, toList } from '../text'

export type Settings = {
  /** The bucket as clients reach it. */
  target: OssTarget
  /** The same bucket as the functions reach it. */
  ownTarget: OssTarget
  issuers: readonly IssuerSettings[]
  denied: DenyList
  /** The first signs tickets, all verify them. */
  ticketSecrets: readonly string[]
  callbackUrl: string
  /** Replaces OSS's published callback key; for a local OSS only. */
  callbackKey?: { url: string; pem: string }
  /** Whether OSS itself is asked about an upload before it counts. */
  confirmUploads: boolean
  ledger: 'oss' | 'memory'
  /** The function that upload events go to; Function Compute's own endpoint when none is set. */
  eventFunction?: { name: string; endpoint?: string }
  eventWebhook?: Webhook
  sts: { endpoint: string; roleArn: string }
  corsOrigins: readonly string[]
  /** Which signature URLs and forms have. */
  signatureVersion: SignatureVersion
  /** Where a plain form may send a browser after its upload. */
  formRedirects: readonly string[]
  logLevel: LogLevel
}

const MIN_SECRET_BYTES = 32

const text = v.string()
const anything = v.optional(text)
const list = v.pipe(
  text,
  v.transform((value: string) => toList(value)),
)
const subjects = v.pipe(
  text,
  v.check(
    (value) => toSubjects(value) !== undefined,
    'must be a comma-separated list or a JSON list of texts',
  ),
  v.transform((value) => toSubjects(value) ?? []),
)
const secrets = v.pipe(
  list,
  v.check(areLong, `each secret needs at least ${MIN_SECRET_BYTES} bytes`),
)
const url = v.pipe(
  text,
  v.check(isSafeUrl, 'must be an https URL without user, query or fragment (http on loopback)'),
)
const origin = v.pipe(url, v.check(isOrigin, 'must be an origin, without a path'))
const endpoint = v.pipe(
  text,
  v.check(
    (value) => isHostKind(value) || (isSafeUrl(value) && isOrigin(value)),
    `must be an https origin without a path (http on loopback), or ${HOST_KINDS.join(', ')}`,
  ),
)

/** Every setting by the name of its environment variable; an empty value counts as absent. */
const SETTINGS = v.object({
  OSS_BUCKET: bucketName,
  OSS_REGION: v.pipe(
    text,
    v.regex(/^(oss-)?[a-z]{2,}(-[a-z0-9]+)+$/, 'must be a region id like cn-hangzhou'),
    v.transform((region) => region.replace(/^oss-/, '')),
  ),
  OSS_ENDPOINT: v.optional(endpoint),
  OSS_INTERNAL_ENDPOINT: v.optional(endpoint),
  OSS_ADDRESSING: v.optional(v.picklist(['virtual-hosted', 'path', 'cname']), 'virtual-hosted'),
  // The issuer settings depend on each other: `readIssuers` parses them.
  AUTH_ISSUER: anything,
  AUTH_AUDIENCE: anything,
  AUTH_ALGORITHMS: anything,
  AUTH_JWKS_URL: anything,
  AUTH_SECRET: anything,
  AUTH_PUBLIC_KEY: anything,
  AUTH_TOKEN_TYPE: anything,
  AUTH_ISSUERS: anything,
  DENIED_SUBJECTS: v.optional(subjects, ''),
  DENIED_TOKENS: v.optional(list, ''),
  TICKET_SECRETS: secrets,
  CALLBACK_URL: url,
  CALLBACK_KEY_URL: v.optional(v.pipe(url, v.check(isLoopback, 'is for a local OSS only'))),
  CALLBACK_KEY: v.optional(v.pipe(text, v.check(isPublicKey, 'must be a public key in PEM'))),
  CONFIRM_UPLOADS: v.optional(v.picklist(['on', 'off']), 'on'),
  LEDGER: v.optional(v.picklist(['oss', 'memory']), 'oss'),
  EVENT_FUNCTION: v.optional(
    v.pipe(text, v.regex(/^[A-Za-z_][\w-]{0,63}$/, 'must be the name of a function')),
  ),
  EVENT_ENDPOINT: v.optional(origin),
  EVENT_WEBHOOK_URL: v.optional(url),
  EVENT_WEBHOOK_SECRETS: v.optional(
    v.pipe(
      list,
      v.check(
        (all) => all.length > 0 && all.every(isWebhookSecret),
        'each secret must be whsec_ and the base64 of 24 to 64 bytes',
      ),
    ),
  ),
  STS_ENDPOINT: v.optional(origin),
  STS_ROLE_ARN: v.pipe(
    text,
    v.regex(/^acs:ram::\d+:role\/[\w.-]+$/, 'must be like acs:ram::<account>:role/<name>'),
  ),
  CORS_ORIGINS: v.optional(list, ''),
  SIGNATURE_VERSION: v.optional(v.picklist(['v4', 'v1']), 'v4'),
  FORM_REDIRECTS: v.optional(
    v.pipe(
      list,
      v.check((all) => all.every(isSafeUrl), 'must be https URLs, no query'),
    ),
    '',
  ),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
})

type Values = v.InferOutput<typeof SETTINGS>
type Source = Readonly<Record<string, string | undefined>>

/** The names of all settings. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS.entries)

/** The settings in these environment variables; throws one error that lists every issue. */
export function parseSettings(environment: Source): Settings {
  const given: Source = Object.fromEntries(
    SETTING_NAMES.map((name) => [name, environment[name] || undefined]),
  )
  const parsed = v.safeParse(SETTINGS, given, { message: describeIssue })
  const { issuers, issues: issuerIssues } = readIssuers(given)
  const issues = [...(parsed.issues ?? []).map(toIssue), ...issuerIssues, ...togetherIssues(given)]
  if (!parsed.success || issues.length > 0) {
    throw new Error(`The settings are wrong:\n${issues.map((issue) => `  ${issue}`).join('\n')}`)
  }
  return toSettings(parsed.output, issuers)
}

function toIssue({ path, message }: v.BaseIssue<unknown>): string {
  return `${String(path?.[0].key)}: ${message}`
}

function togetherIssues(given: Source): string[] {
  const issues: string[] = []
  if ((given.CALLBACK_KEY_URL === undefined) !== (given.CALLBACK_KEY === undefined)) {
    issues.push('CALLBACK_KEY_URL, CALLBACK_KEY: set both or none')
  }
  if ((given.EVENT_WEBHOOK_URL === undefined) !== (given.EVENT_WEBHOOK_SECRETS === undefined)) {
    issues.push('EVENT_WEBHOOK_URL, EVENT_WEBHOOK_SECRETS: set both or none')
  }
  if (given.OSS_ADDRESSING === 'cname' && given.OSS_ENDPOINT === undefined) {
    issues.push('OSS_ENDPOINT: a custom domain (OSS_ADDRESSING=cname) must be named here')
  }
  return issues
}

function toSettings(values: Values, issuers: readonly IssuerSettings[]): Settings {
  const region = values.OSS_REGION
  const endpoint = toOrigin(values.OSS_ENDPOINT ?? 'public', region)
  const target = { bucket: values.OSS_BUCKET, region, endpoint, addressing: values.OSS_ADDRESSING }
  const internal = values.OSS_INTERNAL_ENDPOINT
  const { CALLBACK_KEY_URL: keyUrl, CALLBACK_KEY: pem } = values
  return {
    target,
    ownTarget: toOwnTarget(target, internal && toOrigin(internal, region)),
    issuers,
    denied: { subs: new Set(values.DENIED_SUBJECTS), jtis: new Set(values.DENIED_TOKENS) },
    ticketSecrets: values.TICKET_SECRETS,
    callbackUrl: values.CALLBACK_URL,
    ...(keyUrl && pem && { callbackKey: { url: keyUrl, pem } }),
    confirmUploads: values.CONFIRM_UPLOADS === 'on',
    ledger: values.LEDGER,
    ...toEventTargets(values),
    sts: {
      endpoint: values.STS_ENDPOINT ?? `https://sts.${region}.aliyuncs.com`,
      roleArn: values.STS_ROLE_ARN,
    },
    corsOrigins: values.CORS_ORIGINS,
    signatureVersion: values.SIGNATURE_VERSION,
    formRedirects: values.FORM_REDIRECTS,
    logLevel: values.LOG_LEVEL,
  }
}

function toEventTargets(values: Values): Pick<Settings, 'eventFunction' | 'eventWebhook'> {
  const { EVENT_FUNCTION: name, EVENT_ENDPOINT: endpoint } = values
  const { EVENT_WEBHOOK_URL: url, EVENT_WEBHOOK_SECRETS: secrets } = values
  return {
    ...(name && { eventFunction: { name, ...(endpoint && { endpoint }) } }),
    ...(url && secrets && { eventWebhook: { url, secrets } }),
  }
}

function toOrigin(endpoint: string, region: string): string {
  return isHostKind(endpoint) ? ossEndpoint(endpoint, region) : endpoint
}

// An internal endpoint is never a custom domain, so the bucket moves into its host.
function toOwnTarget(target: OssTarget, internalEndpoint: string | undefined): OssTarget {
  if (internalEndpoint === undefined) return target
  const addressing = target.addressing === 'path' ? 'path' : 'virtual-hosted'
  return { ...target, endpoint: internalEndpoint, addressing }
}

function areLong(secrets: string[]): boolean {
  const isLong = (secret: string) => Buffer.byteLength(secret) >= MIN_SECRET_BYTES
  return secrets.length > 0 && secrets.every(isLong)
}

// At load: the function that uses the key would find out with the first callback.
function isPublicKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === 'public' && pem.startsWith('-----BEGIN PUBLIC KEY-----')
  } catch {
    return false
  }
}

// Subjects may hold commas, as those of LDAP do.
function toSubjects(value: string): string[] | undefined {
  if (!value.startsWith('[')) return toList(value)
  const texts = parseJson(value)
  const isList = Array.isArray(texts) && texts.every((item) => typeof item === 'string')
  return isList ? texts : undefined
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}
