import * as v from 'valibot'
import { nonEmptyString, strictObject } from '../schema/schema'
import { isSafeUrl, parseJson, toList } from '../text'
import { toPem } from './key-text'
import { findIssuerIssues, type IssuerSettings } from './keys'

const PUBLIC_ALGORITHMS = ['RS256', 'ES256', 'EdDSA']
const SECRET_ALGORITHMS = ['HS256']

/** The environment variables of a single issuer. */
const SINGLE_NAMES = [
  'AUTH_ISSUER',
  'AUTH_AUDIENCE',
  'AUTH_ALGORITHMS',
  'AUTH_JWKS_URL',
  'AUTH_SECRET',
  'AUTH_PUBLIC_KEY',
  'AUTH_TOKEN_TYPE',
]

const texts = v.pipe(v.array(nonEmptyString), v.minLength(1))

/** One issuer as the settings name it: discovery when no key source is given. */
const ISSUER = strictObject({
  issuer: nonEmptyString,
  audience: v.union([nonEmptyString, texts]),
  algorithms: v.optional(texts),
  jwksUrl: v.optional(nonEmptyString),
  secret: v.optional(nonEmptyString),
  publicKey: v.optional(nonEmptyString),
  tokenType: v.optional(v.picklist(['at+jwt'])),
  subPrefix: v.optional(v.pipe(nonEmptyString, v.regex(/^[a-z0-9-]{1,16}$/))),
})

type IssuerInput = v.InferOutput<typeof ISSUER>
type Source = Readonly<Record<string, string | undefined>>

/**
 * The token issuers that the settings name: one in AUTH_ISSUER and its companions, or several in
 * AUTH_ISSUERS, a JSON list. The issues are sentences that name the setting, never its value.
 */
export function readIssuers(given: Source): { issuers: IssuerSettings[]; issues: string[] } {
  const { AUTH_ISSUERS: list } = given
  const inputs = list === undefined ? [fromSingle(given)] : parseJson(list)
  const parsed = v.safeParse(v.array(ISSUER), inputs)
  if (!parsed.success) return { issuers: [], issues: toIssues(parsed.issues) }
  const issuers = parsed.output.map(toIssuer)
  const issues = [...findIssuerIssues(issuers), ...unsafeUrls(issuers), ...mixedSubjects(issuers)]
  if (list !== undefined) issues.push(...besideList(given))
  return { issuers, issues: issues.map((issue) => `AUTH: ${issue}`) }
}

// They would count for nothing, and whoever set them would not know.
function besideList(given: Source): string[] {
  const others = SINGLE_NAMES.filter((name) => given[name] !== undefined)
  return others.length === 0
    ? []
    : [`set AUTH_ISSUERS or ${others.join(', ')}, not both (each entry of the list has its own)`]
}

function fromSingle(given: Source): unknown {
  return {
    issuer: given.AUTH_ISSUER,
    audience: toList(given.AUTH_AUDIENCE),
    ...(given.AUTH_ALGORITHMS && { algorithms: toList(given.AUTH_ALGORITHMS) }),
    jwksUrl: given.AUTH_JWKS_URL,
    secret: given.AUTH_SECRET,
    publicKey: given.AUTH_PUBLIC_KEY,
    tokenType: given.AUTH_TOKEN_TYPE,
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
        `${issuer}: needs a subPrefix of its own, as another issuer may know another caller by the same sub`,
    )
}

// Keys that come without encryption are anyone's keys.
function unsafeUrls(issuers: readonly IssuerSettings[]): string[] {
  return issuers.flatMap(({ issuer, jwksUrl, discovery }) => {
    const url = discovery ? issuer : jwksUrl
    return url === undefined || isSafeUrl(url) ? [] : [`${issuer}: keys need an https URL`]
  })
}

const NAMES = new Map([
  ['issuer', 'AUTH_ISSUER: is missing or malformed'],
  ['audience', 'AUTH_AUDIENCE: is missing or malformed'],
  ['algorithms', 'AUTH_ALGORITHMS: is missing or malformed'],
  ['tokenType', 'AUTH_TOKEN_TYPE: must be at+jwt, or nothing for any access token'],
])

// Two issues of one member make one sentence.
function toIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return [...new Set(issues.map(toIssue))]
}

function toIssue({ path }: v.BaseIssue<unknown>): string {
  const [index, member] = path?.map(({ key }) => String(key)) ?? []
  if (index === undefined) return 'AUTH_ISSUERS: must be a JSON list of issuers'
  return NAMES.get(member ?? '') ?? `AUTH_ISSUERS: entry ${index} has a wrong or unknown member`
}
