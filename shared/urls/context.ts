import type { Lifetime } from '../policy/lifetime'
import type { DecideContext } from '../policy/permit'
import type { TicketKeys } from '../policy/signed-ticket'
import type { OssTarget } from '../signing/target'
import type { Credentials } from '../signing/v4'
import type { SignatureVersion } from '../signing/version'

/** What signing URLs needs of the outside world, beside what a decision does. */
export type UrlContext = DecideContext & {
  /** The bucket as clients reach it. */
  target: OssTarget
  /** Of the function's own role. */
  credentials: Credentials
  callbackUrl: string
  ticketKeys: TicketKeys
  signatureVersion: SignatureVersion
}

/** What every URL that is signed for this lifetime has in common. */
export function toSigner({ signedAt, expiresAt }: Lifetime, { credentials }: UrlContext) {
  return { credentials, now: signedAt, expiresSeconds: expiresAt - signedAt }
}
