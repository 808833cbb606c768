import { SINGLE_ISSUER_NAMES } from '../auth/issuers'
import type { Settings } from './to-settings'
import type { VariableName } from './variables'

/** The environment variables of each setting. */
const VARIABLES = {
  target: ['OSS_BUCKET', 'OSS_REGION', 'OSS_ENDPOINT', 'OSS_ADDRESSING'],
  ownTarget: ['OSS_INTERNAL_ENDPOINT'],
  issuers: [...SINGLE_ISSUER_NAMES, 'AUTH_ISSUERS'],
  denied: ['DENIED_SUBJECTS', 'DENIED_TOKENS'],
  denyList: ['DENY_LIST'],
  ticketSecrets: ['TICKET_SECRETS'],
  callbackUrl: ['CALLBACK_URL'],
  callbackKey: ['CALLBACK_KEY_URL', 'CALLBACK_KEY'],
  confirmUploads: ['CONFIRM_UPLOADS'],
  ledger: ['LEDGER'],
  eventFunction: ['EVENT_FUNCTION'],
  eventEndpoint: ['EVENT_ENDPOINT'],
  eventWebhook: ['EVENT_WEBHOOK_URL', 'EVENT_WEBHOOK_SECRETS'],
  sts: ['STS_ROLE_ARN', 'STS_ENDPOINT', 'STS_SOURCE_IDENTITY'],
  cors: ['CORS_ORIGINS', 'CORS_HEADERS'],
  signatureVersion: ['SIGNATURE_VERSION'],
  formRedirects: ['FORM_REDIRECTS'],
  logLevel: ['LOG_LEVEL'],
} as const satisfies Record<keyof Settings, readonly VariableName[]>

const EVERY = ['target', 'ownTarget', 'logLevel'] as const
// The deny list may be in the bucket, so these require access to it.
const DENYING = [...EVERY, 'denied', 'denyList'] as const
const ISSUING = [...DENYING, 'issuers', 'ticketSecrets', 'callbackUrl', 'cors'] as const
const DELIVERING = ['ledger', 'eventFunction', 'eventEndpoint', 'eventWebhook'] as const
const PUBLISHING = [...DENYING, 'confirmUploads', ...DELIVERING] as const

const CALLBACK = [...PUBLISHING, 'ticketSecrets', 'callbackUrl', 'callbackKey', 'cors'] as const

/**
 * The settings that each function reads. `s.yaml` sets only their variables, so that no function has secrets it does not
 * need.
 */
const READS = {
  sts: [...ISSUING, 'sts'],
  'signed-url': [...ISSUING, 'signatureVersion'],
  'post-policy': [...ISSUING, 'signatureVersion', 'formRedirects'],
  'upload-callback': CALLBACK,
  'upload-event': PUBLISHING,
  'upload-sweep': [...EVERY, ...DELIVERING],
  // The four functions with a route in one process.
  'web-server': [
    ...new Set([...ISSUING, 'sts', 'signatureVersion', 'formRedirects', ...CALLBACK] as const),
  ],
} as const satisfies Record<string, readonly (keyof Settings)[]>

/** The name of a deployed function. */
export type FunctionName = keyof typeof READS

/** The names of the functions that have settings. */
export const FUNCTION_NAMES = Object.keys(READS) as readonly FunctionName[]

/** Returns true if a function reads this setting. */
export function doesRead(name: FunctionName, setting: keyof Settings): boolean {
  return (READS[name] as readonly string[]).includes(setting)
}

/** Returns the names of the environment variables that a function reads. */
export function variablesOf(name: FunctionName): VariableName[] {
  return READS[name].flatMap((setting) => VARIABLES[setting])
}

/** Returns the same settings; those that are not listed for the function throw when they are read. */
export function hideUnread(settings: Settings, name: FunctionName): Settings {
  const all = Object.keys(VARIABLES) as (keyof Settings)[]
  const hidden = { ...settings }
  for (const setting of all.filter((each) => !doesRead(name, each))) {
    Object.defineProperty(hidden, setting, {
      enumerable: false,
      get: () => {
        throw new Error(`${name} reads the setting ${setting}: list it in function-settings.ts`)
      },
    })
  }
  return hidden
}
