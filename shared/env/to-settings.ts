import type { DenyList } from '../auth/deny-list'
import type { IssuerSettings } from '../auth/keys'
import type { Webhook } from '../events/webhook'
import type { CorsSettings } from '../http/cors'
import type { LogLevel } from '../log'
import { isHostKind, type OssTarget, ossEndpoint } from '../signing/target'
import type { SignatureVersion } from '../signing/version'
import type { Values } from './variables'

/** The settings of a deployment, parsed from its environment variables. */
export type Settings = {
  /** The bucket at the endpoint for clients. */
  target: OssTarget
  /** The same bucket at the endpoint for the functions. */
  ownTarget: OssTarget
  issuers: readonly IssuerSettings[]
  denied: DenyList
  /** True if the bucket contains a deny list as well. */
  denyList: boolean
  /** The first signs tickets, all verify them. */
  ticketSecrets: readonly string[]
  callbackUrl: string
  /** Replaces OSS's published callback key; for a local OSS only. */
  callbackKey?: { url: string; pem: string }
  /** True if each upload is confirmed with HeadObject. */
  confirmUploads: boolean
  ledger: 'oss' | 'memory'
  /** The name of the function that receives upload events. */
  eventFunction?: string
  /** The origin of Function Compute; its own when absent. */
  eventEndpoint?: string
  eventWebhook?: Webhook
  /** `sourceIdentity`: true if sessions have the caller as their SourceIdentity. */
  sts: { endpoint: string; roleArn: string; sourceIdentity: boolean }
  cors: CorsSettings
  /** The signature version of URLs and forms. */
  signatureVersion: SignatureVersion
  /** The URLs that a form may redirect a browser to after its upload. */
  formRedirects: readonly string[]
  logLevel: LogLevel
}

/** Returns the settings from valid values. */
export function toSettings(values: Values, issuers: readonly IssuerSettings[]): Settings {
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
    denyList: values.DENY_LIST === 'on',
    ticketSecrets: values.TICKET_SECRETS,
    callbackUrl: values.CALLBACK_URL,
    ...(keyUrl && pem && { callbackKey: { url: keyUrl, pem } }),
    confirmUploads: values.CONFIRM_UPLOADS === 'on',
    ledger: values.LEDGER,
    ...toEventTargets(values),
    sts: {
      endpoint: values.STS_ENDPOINT ?? `https://sts.${region}.aliyuncs.com`,
      roleArn: values.STS_ROLE_ARN,
      sourceIdentity: values.STS_SOURCE_IDENTITY === 'on',
    },
    cors: { origins: values.CORS_ORIGINS, headers: values.CORS_HEADERS },
    signatureVersion: values.SIGNATURE_VERSION,
    formRedirects: values.FORM_REDIRECTS,
    logLevel: values.LOG_LEVEL,
  }
}

type EventTarget = 'eventFunction' | 'eventEndpoint' | 'eventWebhook'

function toEventTargets(values: Values): Pick<Settings, EventTarget> {
  const { EVENT_FUNCTION: name, EVENT_ENDPOINT: endpoint } = values
  const { EVENT_WEBHOOK_URL: url, EVENT_WEBHOOK_SECRETS: secrets } = values
  return {
    ...(name && { eventFunction: name }),
    ...(endpoint && { eventEndpoint: endpoint }),
    ...(url && secrets && { eventWebhook: { url, secrets } }),
  }
}

function toOrigin(endpoint: string, region: string): string {
  return isHostKind(endpoint) ? ossEndpoint(endpoint, region) : endpoint
}

// An internal endpoint is never a custom domain, so the bucket name is part of the host.
function toOwnTarget(target: OssTarget, internalEndpoint: string | undefined): OssTarget {
  if (internalEndpoint === undefined) return target
  const addressing = target.addressing === 'path' ? 'path' : 'virtual-hosted'
  return { ...target, endpoint: internalEndpoint, addressing }
}
