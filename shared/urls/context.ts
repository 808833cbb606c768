import type { Lifetime } from '../policy/lifetime'
import type { DecideContext } from '../policy/permit'
import type { TicketKeys } from '../policy/signed-ticket'
import type { OssTarget } from '../signing/target'
import type { Credentials } from '../signing/v4'
import type { SignatureVersion } from '../signing/version'

/** The settings and credentials that signing URLs requires in addition to those of a decision. */
export type UrlContext = DecideContext & {
  /** The bucket as clients reach it. */
  target: OssTarget
  /** The credentials of the function's role. */
  credentials: Credentials
  callbackUrl: string
  ticketKeys: TicketKeys
  signatureVersion: SignatureVersion
}

/** Returns the signing input that all URLs of one lifetime share. */
export function toSigner({ signedAt, expiresAt }: Lifetime, { credentials }: UrlContext) {
  return { credentials, now: signedAt, expiresSeconds: expiresAt - signedAt }
}
