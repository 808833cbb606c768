import { currentDenyList, type DenyList } from '../auth/deny-list'
import type { AuthContext } from '../auth/token'
import type { OssAccess } from '../callback/stored-object'
import type { DecideContext } from '../policy/permit'
import type { TicketKeys } from '../policy/signed-ticket'
import { type OssTarget, withBucket } from '../signing/target'
import { isLoopback } from '../text'
import type { UrlContext } from '../urls/context'
import type { Env } from './env'

/** The outside world of `verifyToken`. */
export function authContext(env: Env): AuthContext {
  const { settings, now, send, instance } = env
  const { issuers } = settings
  return { issuers, readDenied: () => readDenied(env), now, send, cache: instance.tokens }
}

/** Who is denied: in the settings, and in the bucket where the settings say so. */
export async function readDenied(env: Env): Promise<DenyList> {
  const { settings, instance, now, log } = env
  const { denied, denyList, target } = settings
  if (!denyList) return denied
  const fetchList = async () => {
    // Loaded where it is asked for: by default nobody does.
    const { fetchDenyList } = await import('./fetch-deny-list')
    const { subs, jtis } = await fetchDenyList(ossAccess(env, target.bucket))
    return { subs: new Set([...denied.subs, ...subs]), jtis: new Set([...denied.jtis, ...jtis]) }
  }
  return currentDenyList(instance.denyList, { now, fetchList, log })
}

/** The outside world of `decide`. */
export function decideContext({ settings, rules, now, uuid }: Env): DecideContext {
  return { rules, bucket: settings.target.bucket, now, uuid }
}

/** The outside world of what signs URLs. */
export function urlContext(env: Env): UrlContext {
  const { settings, rules, now, uuid, credentials } = env
  const { target, callbackUrl, signatureVersion } = settings
  const { bucket } = target
  return {
    rules,
    bucket,
    now,
    uuid,
    target,
    credentials,
    callbackUrl,
    ticketKeys: ticketKeys(env),
    signatureVersion,
  }
}

/** What signs and verifies the tickets of this deployment. */
export function ticketKeys({ settings }: Env): TicketKeys {
  return { secrets: settings.ticketSecrets, audience: settings.callbackUrl }
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
