import { currentDenyList, type DenyList } from '../auth/deny-list'
import type { AuthContext } from '../auth/token'
import type { OssAccess } from '../callback/stored-object'
import type { DecideContext } from '../policy/permit'
import type { TicketKeys } from '../policy/signed-ticket'
import { type OssTarget, withBucket } from '../signing/target'
import { isLoopback } from '../text'
import type { UrlContext } from '../urls/context'
import type { Env } from './env'

/** Returns the context of `verifyToken`. */
export function authContext(env: Env): AuthContext {
  const { settings, now, send, instance } = env
  const { issuers } = settings
  return { issuers, readDenied: () => readDenied(env), now, send, cache: instance.tokens }
}

/** Returns the deny list of the settings and, if `DENY_LIST` is on, of the bucket. */
export async function readDenied(env: Env): Promise<DenyList> {
  const { settings, instance, now, log } = env
  const { denied, denyList, target } = settings
  if (!denyList) return denied
  const fetchList = async () => {
    // Loaded only if it is used: by default it is not.
    const { fetchDenyList } = await import('./fetch-deny-list')
    const { subs, jtis } = await fetchDenyList(ossAccess(env, target.bucket))
    return { subs: new Set([...denied.subs, ...subs]), jtis: new Set([...denied.jtis, ...jtis]) }
  }
  return currentDenyList(instance.denyList, { now, fetchList, log })
}

/** Returns the context of `decide`. */
export function decideContext({ settings, rules, now, uuid }: Env): DecideContext {
  return { rules, bucket: settings.target.bucket, now, uuid }
}

/** Returns the context of the signers of URLs. */
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

/** Returns the keys that sign and verify the tickets of this deployment. */
export function ticketKeys({ settings }: Env): TicketKeys {
  return { secrets: settings.ticketSecrets, audience: settings.callbackUrl }
}

/** Returns the target of a bucket at the endpoint for clients. */
export function clientTarget({ settings }: Env, bucket: string): OssTarget {
  return withBucket(settings.target, bucket)
}

/** Returns the access to a bucket at the endpoint for the functions. */
export function ossAccess({ settings, credentials, now, send }: Env, bucket: string): OssAccess {
  return { target: withBucket(settings.ownTarget, bucket), credentials, now, send }
}

/** Returns true for an OSS on this machine, which has no TLS. */
export function isLocal({ settings }: Env): boolean {
  return isLoopback(settings.target.endpoint)
}
