import * as v from 'valibot'
import { nonEmptyString, strictObject } from '../schema/schema'
import { isSafeUrl, parseJson, toList } from '../text'
import { toPem } from './key-text'
import { findAuthIssues, type IssuerSettings } from './keys'

const PUBLIC_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const SECRET_ALGORITHMS = ['HS256']

/** The environment variables of a single issuer. */
export const SINGLE_ISSUER_NAMES = [
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_ALGORITHMS',
  'AUTH_JWKS_URL',
  'AUTH_SECRET',
  'AUTH_PUBLIC_KEY',
  'AUTH_TOKEN_TYPE',
] as const

const strings = v.pipe(v.array(nonEmptyString), v.minLength(1))

/** One issuer in the settings; without a source of keys, discovery is used. */
const ISSUER = strictObject({
  issuer: nonEmptyString,
  audience: v.union([nonEmptyString, strings]),
  algorithms: v.optional(strings),
  jwksUrl: v.optional(nonEmptyString),
  secret: v.optional(nonEmptyString),
  publicKey: v.optional(nonEmptyString),
  tokenType: v.optional(v.picklist(['at+jwt'])),
  subPrefix: v.optional(v.pipe(nonEmptyString, v.regex(/^[a-z0-9-]{1,16}$/))),
})

type IssuerInput = v.InferOutput<typeof ISSUER>
type Source = Readonly<Record<string, string | undefined>>

/**
 * Returns the token issuers in the settings: one in AUTH_ISSUER and the other AUTH variables, or several in AUTH_ISSUERS,
 * a JSON list. Each issue names the setting, never its value.
 */
export function readIssuers(variables: Source): { issuers: IssuerSettings[]; issues: string[] } {
  const { AUTH_ISSUERS: list } = variables
  const inputs = list === undefined ? [fromSingle(variables)] : parseJson(list)
  const parsed = v.safeParse(v.array(ISSUER), inputs)
  if (!parsed.success) return { issuers: [], issues: toIssues(parsed.issues) }
  const issuers = parsed.output.map(toIssuer)
  const issues = [...findAuthIssues(issuers), ...unsafeUrls(issuers), ...mixedSubjects(issuers)]
  if (list !== undefined) issues.push(...besideList(variables))
  return { issuers, issues: issues.map((issue) => `AUTH: ${issue}`) }
}

// They would be ignored without notice.
function besideList(variables: Source): string[] {
  const others = SINGLE_ISSUER_NAMES.filter((name) => variables[name] !== undefined)
  return others.length === 0
    ? []
    : [
        `set AUTH_ISSUERS or ${others.join(', ')}, not both (each entry of AUTH_ISSUERS has its own members)`,
      ]
}

function fromSingle(variables: Source): unknown {
  return {
    issuer: variables.AUTH_ISSUER,
    audience: toList(variables.AUTH_AUDIENCE),
    ...(variables.AUTH_ALGORITHMS && { algorithms: toList(variables.AUTH_ALGORITHMS) }),
    jwksUrl: variables.AUTH_JWKS_URL,
    secret: variables.AUTH_SECRET,
    publicKey: variables.AUTH_PUBLIC_KEY,
    tokenType: variables.AUTH_TOKEN_TYPE,
  }
}

function toIssuer(input: IssuerInput): IssuerSettings {
  const { issuer, audience, jwksUrl, secret, publicKey, tokenType, subPrefix } = input
  const algorithms = secret === undefined ? PUBLIC_ALGORITHMS : SECRET_ALGORITHMS
  const isKeyless = jwksUrl === undefined && secret === undefined && publicKey === undefined
  return {
    issuer,
    audience: typeof audience === 'string' ? [audience] : audience,
    algorithms: input.algorithms ?? algorithms,
    ...(jwksUrl !== undefined && { jwksUrl }),
    ...(secret !== undefined && { secret }),
    ...(publicKey !== undefined && { publicKey: toPem(publicKey) }),
    ...(isKeyless && { discovery: true as const }),
    ...(tokenType !== undefined && { tokenType }),
    ...(subPrefix !== undefined && { subPrefix }),
  }
}

// A subject is unique within its issuer alone (RFC 7519 section 4.1.2).
function mixedSubjects(issuers: readonly IssuerSettings[]): string[] {
  if (issuers.length < 2) return []
  return issuers
    .filter(({ subPrefix }, index) => {
      const first = issuers.findIndex((other) => other.subPrefix === subPrefix)
      return subPrefix === undefined || first !== index
    })
    .map(
      ({ issuer }) =>
        `${issuer}: requires a unique subPrefix, because two issuers can use the same sub for different callers`,
    )
}

// Anyone on the network can replace keys that are sent without encryption.
function unsafeUrls(issuers: readonly IssuerSettings[]): string[] {
  return issuers.flatMap(({ issuer, jwksUrl, discovery }) => {
    const url = discovery ? issuer : jwksUrl
    return url === undefined || isSafeUrl(url)
      ? []
      : [`${issuer}: the URL of its keys must be https`]
  })
}

const NAMES = new Map([
  ['issuer', 'AUTH_ISSUER: is missing or malformed'],
  ['audience', 'AUTH_AUDIENCE: is missing or malformed'],
  ['algorithms', 'AUTH_ALGORITHMS: is missing or malformed'],
  ['tokenType', 'AUTH_TOKEN_TYPE: must be at+jwt, or empty for any access token'],
])

// Two issues of one member have the same message.
function toIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return [...new Set(issues.map(toIssue))]
}

function toIssue({ path }: v.BaseIssue<unknown>): string {
  const [index, member] = path?.map(({ key }) => String(key)) ?? []
  if (index === undefined) return 'AUTH_ISSUERS: must be a JSON list of issuers'
  return NAMES.get(member ?? '') ?? `AUTH_ISSUERS: entry ${index} has a wrong or unknown member`
}
