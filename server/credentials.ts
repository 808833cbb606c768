import type { IncomingHttpHeaders } from 'node:http'
import { Refusal } from '../shared/errors'
import type { Log } from '../shared/log'
import type { Credentials } from '../shared/signing/v4'
import type { RoleSource } from './credentials-sdk'
import { keepFresh } from './keep-fresh'

type Environment = Readonly<Record<string, string | undefined>>

/** Resolves to the credentials that a request with these headers is answered with. */
export type FindCredentials = (headers: IncomingHttpHeaders) => Promise<Credentials>

/** The variables that name a source of credentials, and what to do if it fails. */
type Source = { names: readonly string[]; remedy: string; open: (values: string[]) => Opened }
type Opened = RoleSource | Credentials

const SOURCES: readonly Source[] = [
  {
    names: ['ALIBABA_CLOUD_ACCESS_KEY_ID', 'ALIBABA_CLOUD_ACCESS_KEY_SECRET'],
    remedy: '',
    open: ([accessKeyId = '', accessKeySecret = '']) => ({ accessKeyId, accessKeySecret }),
  },
  {
    names: [
      'ALIBABA_CLOUD_OIDC_TOKEN_FILE',
      'ALIBABA_CLOUD_OIDC_PROVIDER_ARN',
      'ALIBABA_CLOUD_ROLE_ARN',
    ],
    remedy:
      'check that the three ALIBABA_CLOUD_… variables are those of the cluster, that the token file is mounted, and that the role trusts this provider and service account',
    open: ([oidcTokenFilePath = '', oidcProviderArn = '', roleArn = '']) => ({
      ...{ type: 'oidc_role_arn', roleArn, oidcProviderArn, oidcTokenFilePath },
    }),
  },
  {
    names: ['ALIBABA_CLOUD_ECS_METADATA'],
    remedy: 'attach this role to the instance, and let this process reach 100.100.100.200',
    open: ([roleName = '']) => ({ type: 'ecs_ram_role', roleName }),
  },
  {
    names: ['ALIBABA_CLOUD_CREDENTIALS_URI'],
    remedy: 'check that it answers with AccessKeyId, AccessKeySecret, SecurityToken and Expiration',
    open: ([credentialsURI = '']) => ({ type: 'credentials_uri', credentialsURI }),
  },
]

const NO_SOURCE = `There are no credentials. Set one of these: ${SOURCES.map(({ names }) => names.join(' and ')).join('; ')}`

// In a function: Function Compute reserves the names of these variables.
function isFunction({ FC_FUNCTION_NAME, FC_ACCOUNT_ID }: Environment): boolean {
  return Boolean(FC_FUNCTION_NAME && FC_ACCOUNT_ID)
}

/** The source of credentials that an environment names. */
export type ChosenSource = { source: Source; opened: Opened } | 'function'

/**
 * Returns where the credentials of this process come from: Function Compute, which sends them with each request, keys in the
 * environment, or a role of ECS or ACK. Throws if the environment names none, or one in part.
 */
export function chooseSource(environment: Environment): ChosenSource {
  if (isFunction(environment)) return 'function'
  const source = SOURCES.find(({ names }) => names.some((name) => environment[name]))
  if (!source) throw new Error(NO_SOURCE)
  const missing = source.names.filter((name) => !environment[name])
  if (missing.length > 0) {
    const named = source.names.filter((name) => environment[name])
    throw new Error(`${missing.join(', ')}: missing; required with ${named.join(' and ')}`)
  }
  const opened = source.open(source.names.map((name) => environment[name] ?? ''))
  if ('type' in opened) return { source, opened }
  const { ALIBABA_CLOUD_SECURITY_TOKEN: securityToken } = environment
  return { source, opened: { ...opened, ...(securityToken && { securityToken }) } }
}

type CredentialsContext = {
  log: Log
  /** The origin of STS. */
  stsEndpoint: string
}

/** Returns a function that finds the credentials of a request at this source. */
export function createCredentials(
  chosen: ChosenSource,
  context: CredentialsContext,
): FindCredentials {
  if (chosen === 'function') return readHeaders
  const { source, opened } = chosen
  return 'type' in opened ? findOfRole(opened, source, context) : async () => opened
}

// Function Compute: custom runtimes, request headers. Its gateway removes those that a client sends.
async function readHeaders(headers: IncomingHttpHeaders): Promise<Credentials> {
  const [accessKeyId, accessKeySecret, securityToken] = [
    'x-fc-access-key-id',
    'x-fc-access-key-secret',
    'x-fc-security-token',
  ].map((name) => headers[name]?.toString())
  if (accessKeyId && accessKeySecret && securityToken) {
    return { accessKeyId, accessKeySecret, securityToken }
  }
  throw new Error('Function Compute provided no role credentials: attach a role to this function')
}

function findOfRole(
  role: RoleSource,
  { names, remedy }: Source,
  { log, stsEndpoint }: CredentialsContext,
): FindCredentials {
  let load: (() => Promise<Credentials>) | undefined
  const find = keepFresh({
    load: async () => {
      // Loaded only where a role is used.
      load ??= (await import('./credentials-sdk')).openRole(role, new URL(stsEndpoint).host)
      return load()
    },
    onFailure: (error) => log('error', 'credentials not renewed', { cause: toReason(error) }),
  })
  return () =>
    find().catch((error: unknown) => {
      const cause = new Error(`${names[0]} led to no credentials (${toReason(error)}): ${remedy}`)
      throw new Refusal('credentials_unavailable', {}, { cause })
    })
}

// The SDK's messages contain whole responses, and these may contain secrets.
function toReason(error: unknown): string {
  const { code, name, message } = error as NodeJS.ErrnoException
  const [, ofService] = /"Code"\s*:\s*"([\w.]{1,64})"/.exec(message) ?? []
  return ofService ?? code ?? name
}
