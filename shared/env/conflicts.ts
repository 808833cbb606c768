import type { IssuerSettings } from '../auth/keys'
import { isLoopback, toList } from '../text'

type Source = Readonly<Record<string, string | undefined>>

/** What is wrong with settings that are each right by themselves, with the way out and never with a value. */
export function findConflicts(given: Source, issuers: readonly IssuerSettings[]): string[] {
  const checks: [boolean, string][] = [
    [
      (given.CALLBACK_KEY_URL === undefined) !== (given.CALLBACK_KEY === undefined),
      'CALLBACK_KEY_URL, CALLBACK_KEY: set both or none',
    ],
    [
      given.CALLBACK_KEY !== undefined && !isLoopback(given.OSS_ENDPOINT ?? ''),
      'CALLBACK_KEY: is for a local OSS only, whose private key is public (remove it, or set OSS_ENDPOINT to an OSS on this machine)',
    ],
    [
      (given.EVENT_WEBHOOK_URL === undefined) !== (given.EVENT_WEBHOOK_SECRETS === undefined),
      'EVENT_WEBHOOK_URL, EVENT_WEBHOOK_SECRETS: set both or none',
    ],
    [
      given.OSS_ADDRESSING === 'cname' && given.OSS_ENDPOINT === undefined,
      'OSS_ENDPOINT: a custom domain (OSS_ADDRESSING=cname) must be named here',
    ],
  ]
  const failed = checks.filter(([isConflict]) => isConflict).map(([, sentence]) => sentence)
  return [...failed, ...findSharedSecrets(given, issuers)]
}

// Whoever knows a secret for one purpose could sign for the other: the receiver of a webhook as the issuer of tickets.
function findSharedSecrets(given: Source, issuers: readonly IssuerSettings[]): string[] {
  const auth = given.AUTH_ISSUERS === undefined ? 'AUTH_SECRET' : 'AUTH_ISSUERS'
  const named: [string, Buffer[]][] = [
    [auth, issuers.flatMap(({ secret }) => (secret === undefined ? [] : toKey(secret)))],
    ['TICKET_SECRETS', toList(given.TICKET_SECRETS).map(toKey)],
    ['EVENT_WEBHOOK_SECRETS', toList(given.EVENT_WEBHOOK_SECRETS).flatMap(toWebhookKeys)],
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

// Webhooks sign with what is behind `whsec_`, decoded; others may have it as it stands.
function toWebhookKeys(secret: string): Buffer[] {
  const text = secret.replace(/^whsec_/, '')
  return [toKey(secret), toKey(text), Buffer.from(text, 'base64')]
}
