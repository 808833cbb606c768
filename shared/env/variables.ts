import { createPublicKey } from 'node:crypto'
import * as v from 'valibot'
import { findSecretProblem, toPem } from '../auth/key-text'
import { isWebhookSecret } from '../events/webhook'
import { bucketName } from '../schema/schema'
import { MIN_SECRET_BYTES } from '../signing/limits'
import { HOST_KINDS, isHostKind } from '../signing/target'
import { isLoopback, isSafeUrl, parseJson, toList } from '../text'

/** The headers that tracing tools add to the requests of a page; the functions do not read them. */
const TRACING_HEADERS = 'baggage,sentry-trace,traceparent,tracestate'

const string = v.string()
const anything = v.optional(string)
const list = v.pipe(
  string,
  v.transform((value: string) => toList(value)),
)
const subjects = v.pipe(
  string,
  v.check(
    (value) => toSubjects(value) !== undefined,
    'must be a comma-separated list or a JSON list of strings',
  ),
  v.transform((value) => toSubjects(value) ?? []),
)
const secrets = v.pipe(
  list,
  v.check(areLong, `each secret must be at least ${MIN_SECRET_BYTES} bytes long`),
  v.check(
    (all) => all.every((secret) => findSecretProblem(secret) === undefined),
    'must not be keys or URLs, which others may know (make each with openssl rand -hex 32)',
  ),
)
const url = v.pipe(
  string,
  v.check(isSafeUrl, 'must be an https URL without user, query or fragment (http on loopback)'),
)
const origin = v.pipe(url, v.check(isOrigin, 'must be an origin, without a path'))
const endpoint = v.pipe(
  string,
  v.check(
    (value) => isHostKind(value) || (isSafeUrl(value) && isOrigin(value)),
    `must be an https origin without a path (http on loopback), or ${HOST_KINDS.join(', ')}`,
  ),
)
const pageOrigins = v.pipe(
  list,
  v.check(
    (all) => String(all) === '*' || all.every(isPageOrigin),
    'must be origins as browsers send them, such as https://www.example.com: https (http on loopback) or the scheme of an app, no path or slash at the end, no wildcard; or * alone for any page',
  ),
)
const headerNames = v.pipe(
  list,
  v.check(
    (all) => all.every((name) => /^[A-Za-z0-9-]{1,64}$/.test(name)),
    'must be a comma-separated list of header names',
  ),
)

/** The schema of every environment variable; an empty value counts as absent. */
export const SETTINGS = v.object({
  OSS_BUCKET: bucketName,
  OSS_REGION: v.pipe(
    string,
    // Function Compute and STS know no other form.
    v.regex(
      /^(?!oss-)[a-z]{2,}(-[a-z0-9]+)+$/,
      'must be a region id such as cn-hangzhou, without oss-',
    ),
  ),
  OSS_ENDPOINT: v.optional(endpoint),
  OSS_INTERNAL_ENDPOINT: v.optional(endpoint),
  OSS_ADDRESSING: v.optional(v.picklist(['virtual-hosted', 'path', 'cname']), 'virtual-hosted'),
  // The issuer settings depend on each other, so `readIssuers` parses them.
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
  DENY_LIST: v.optional(v.picklist(['on', 'off']), 'off'),
  TICKET_SECRETS: secrets,
  CALLBACK_URL: url,
  CALLBACK_KEY_URL: v.optional(v.pipe(url, v.check(isLoopback, 'is only for a local OSS'))),
  CALLBACK_KEY: v.optional(
    v.pipe(string, v.transform(toPem), v.check(isCallbackKey, 'must be a public key in PEM')),
  ),
  CONFIRM_UPLOADS: v.optional(v.picklist(['on', 'off']), 'on'),
  LEDGER: v.optional(v.picklist(['oss', 'memory']), 'oss'),
  EVENT_FUNCTION: v.optional(
    v.pipe(string, v.regex(/^[A-Za-z_][\w-]{0,63}$/, 'must be the name of a function')),
  ),
  EVENT_ENDPOINT: v.optional(origin),
  EVENT_WEBHOOK_URL: v.optional(url),
  EVENT_WEBHOOK_SECRETS: v.optional(
    v.pipe(
      list,
      v.check(
        (all) => all.length > 0 && all.every(isWebhookSecret),
        'each secret must be whsec_ followed by 24 to 64 bytes in base64',
      ),
    ),
  ),
  STS_ENDPOINT: v.optional(origin),
  STS_ROLE_ARN: v.pipe(
    string,
    v.regex(
      /^acs:ram::\d+:role\/[\w.-]+$/,
      'must be an ARN such as acs:ram::<account>:role/<name>',
    ),
  ),
  STS_SOURCE_IDENTITY: v.optional(v.picklist(['on', 'off']), 'on'),
  CORS_ORIGINS: v.optional(pageOrigins, ''),
  CORS_HEADERS: v.optional(headerNames, TRACING_HEADERS),
  SIGNATURE_VERSION: v.optional(v.picklist(['v4', 'v1']), 'v4'),
  FORM_REDIRECTS: v.optional(
    v.pipe(
      list,
      v.check((all) => all.every(isSafeUrl), 'must be https URLs without user, query or fragment'),
    ),
    '',
  ),
  LOG_LEVEL: v.optional(v.picklist(['debug', 'info', 'warn', 'error']), 'info'),
})

/** The values of the environment variables, parsed one by one. */
export type Values = v.InferOutput<typeof SETTINGS>
/** The name of an environment variable. */
export type VariableName = keyof Values

/** The names of all environment variables. */
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS.entries)

function areLong(secrets: string[]): boolean {
  const isLong = (secret: string) => Buffer.byteLength(secret) >= MIN_SECRET_BYTES
  return secrets.length > 0 && secrets.every(isLong)
}

// Checked at load: otherwise the first callback would fail.
function isCallbackKey(pem: string): boolean {
  try {
    return createPublicKey(pem).type === 'public' && pem.startsWith('-----BEGIN PUBLIC KEY-----')
  } catch {
    return false
  }
}

// Subjects may contain commas, for example those of LDAP.
function toSubjects(value: string): string[] | undefined {
  if (!value.startsWith('[')) return toList(value)
  const items = parseJson(value)
  const isList = Array.isArray(items) && items.every((item) => typeof item === 'string')
  return isList ? items : undefined
}

function isOrigin(value: string): boolean {
  return URL.canParse(value) && new URL(value).origin === value
}

// Any page can embed a frame that sends the origin `null`. Pages of an app have its scheme, such as capacitor://localhost.
function isPageOrigin(value: string): boolean {
  if (/^https?:/i.test(value)) return isSafeUrl(value) && isOrigin(value) && !value.includes('*')
  return /^[a-z][a-z0-9+.-]*:\/\/[\w.-]+(?::\d+)?$/.test(value)
}
