import type { IssuerSettings } from '../auth/keys'
import { isHostKind } from '../signing/target'
import { isLoopback, toList } from '../text'

type Source = Readonly<Record<string, string | undefined>>

/** Returns the conflicts between settings that are valid separately, each with its solution and never with a value. */
export function findConflicts(variables: Source, issuers: readonly IssuerSettings[]): string[] {
  const checks: [boolean, string][] = [
    [
      (variables.CALLBACK_KEY_URL === undefined) !== (variables.CALLBACK_KEY === undefined),
      'CALLBACK_KEY_URL, CALLBACK_KEY: set both or none',
    ],
    [
      variables.CALLBACK_KEY !== undefined && !isLoopback(variables.OSS_ENDPOINT ?? ''),
      'CALLBACK_KEY: is only for a local OSS, whose private key is public (remove it, or set OSS_ENDPOINT to an OSS on this machine)',
    ],
    [
      (variables.EVENT_WEBHOOK_URL === undefined) !==
        (variables.EVENT_WEBHOOK_SECRETS === undefined),
      'EVENT_WEBHOOK_URL, EVENT_WEBHOOK_SECRETS: set both or none',
    ],
    [
      variables.OSS_ADDRESSING === 'cname' && variables.OSS_ENDPOINT === undefined,
      'OSS_ENDPOINT: is missing; OSS_ADDRESSING=cname requires the custom domain here',
    ],
    [
      variables.OSS_ADDRESSING === 'path' &&
        [variables.OSS_ENDPOINT ?? 'public', variables.OSS_INTERNAL_ENDPOINT].some(isOfOss),
      'OSS_ADDRESSING: OSS refuses path at its own endpoints (remove it, or set OSS_ENDPOINT and OSS_INTERNAL_ENDPOINT to a local or private OSS)',
    ],
  ]
  const failed = checks.filter(([isConflict]) => isConflict).map(([, sentence]) => sentence)
  return [...failed, ...findSharedSecrets(variables, issuers)]
}

function isOfOss(endpoint = ''): boolean {
  return isHostKind(endpoint) || /\.aliyuncs\.com(:|$)/i.test(endpoint)
}

// The holder of a shared secret could sign for both purposes: the receiver of a webhook could issue tickets.
function findSharedSecrets(variables: Source, issuers: readonly IssuerSettings[]): string[] {
  const auth = variables.AUTH_ISSUERS === undefined ? 'AUTH_SECRET' : 'AUTH_ISSUERS'
  const named: [string, Buffer[]][] = [
    [auth, issuers.flatMap(({ secret }) => (secret === undefined ? [] : toKey(secret)))],
    ['TICKET_SECRETS', toList(variables.TICKET_SECRETS).map(toKey)],
    ['EVENT_WEBHOOK_SECRETS', toList(variables.EVENT_WEBHOOK_SECRETS).flatMap(toWebhookKeys)],
  ]
  return named.flatMap(([name, keys], at) =>
    named.slice(at + 1).flatMap(([other, others]) => {
      const isShared = keys.some((key) => others.some((each) => each.equals(key)))
      const sentence = `${name}, ${other}: must not have a secret in common, which would let the holder of one sign as the other (make each with openssl rand -hex 32)`
      return isShared ? [sentence] : []
    }),
  )
}

function toKey(secret: string): Buffer {
  return Buffer.from(secret.trim())
}

// Webhooks sign with the decoded part after `whsec_`; another setting may contain the encoded form.
function toWebhookKeys(secret: string): Buffer[] {
  const text = secret.replace(/^whsec_/, '')
  return [toKey(secret), toKey(text), Buffer.from(text, 'base64')]
}
