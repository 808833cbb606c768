import type { AuthContext } from '../auth/token'
import type { OssAccess } from '../callback/stored-object'
import type { DecideContext } from '../policy/permit'
import { type OssTarget, withBucket } from '../signing/target'
import { isLoopback } from '../text'
import type { UrlContext } from '../urls/context'
import type { Env } from './env'

/** The outside world of `verifyToken`. */
export function authContext({ settings, now, send, instance }: Env): AuthContext {
  const { issuers, denied } = settings
  return { issuers, denied, now, send, cache: instance.tokens }
}

/** The outside world of `decide`. */
export function decideContext({ settings, rules, now, uuid }: Env): DecideContext {
  return { rules, bucket: settings.target.bucket, now, uuid }
}

/** The outside world of what signs URLs. */
export function urlContext(env: Env): UrlContext {
  const { settings, rules, now, uuid, credentials } = env
  const { target, callbackUrl, ticketSecrets, signatureVersion } = settings
  const { bucket } = target
  return {
    rules,
    bucket,
    now,
    uuid,
    target,
    credentials,
    callbackUrl,
    ticketSecrets,
    signatureVersion,
  }
}

/** The bucket as clients reach it. */
export function clientTarget({ settings }: Env, bucket: string): OssTarget {
  return withBucket(settings.target, bucket)
}

/** The bucket as this function itself reaches it. */
export function ossAccess({ settings, credentials, now, send }: Env, bucket: string): OssAccess {
  return { target: withBucket(settings.ownTarget, bucket), credentials, now, send }
}

/** True for an OSS on this machine, which is reached without TLS. */
export function isLocal({ settings }: Env): boolean {
  return isLoopback(settings.target.endpoint)
}
