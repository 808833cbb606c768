import type { AssumedRole } from '../sts/sts-sdk'
import { toIsoTime } from '../time'

/** What the credential providers of the mobile SDKs and of `CredentialsURI` read. */
export type LinkAnswer = {
  StatusCode: 200
  Code: 'Success'
  AccessKeyId: string
  AccessKeySecret: string
  SecurityToken: string
  Expiration: string
}

/** STS credentials as the answer of a link. */
export function toLinkAnswer(credentials: AssumedRole): LinkAnswer {
  return {
    StatusCode: 200,
    Code: 'Success',
    AccessKeyId: credentials.accessKeyId,
    AccessKeySecret: credentials.accessKeySecret,
    SecurityToken: credentials.securityToken,
    // iOS reads no date with a fraction of a second.
    Expiration: toIsoTime(Math.floor(Date.parse(credentials.expiration) / 1000)),
  }
}
