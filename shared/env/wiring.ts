import type { AuthContext } from '../auth/token'
import type { Budget } from '../budget'
import type { OssAccess } from '../callback/confirm'
import { type CallbackKeys, createCallbackKeys } from '../callback/keys'
import { consumerTarget } from '../events/consumer'
import { DeliveryError, type Target } from '../events/deliver'
import { createMemoryLedger, type Ledger } from '../events/ledger'
import { createOssLedger } from '../events/oss-ledger'
import type { Telling } from '../events/publish'
import { webhookTarget } from '../events/webhook'
import { limitSend } from '../http/limit-send'
import type { DecideContext } from '../policy/decide'
import type { Rule } from '../rules/rule'
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

/** The keys that callbacks are signed with, the same for all requests of an instance. */
export function callbackKeysOf({ settings, instance, send }: Env): CallbackKeys {
  const trusted = settings.callbackKey
  instance.callbackKeys ??= createCallbackKeys({ send, ...(trusted && { trusted }) })
  return instance.callbackKeys
}

/** The ledger and the targets that the settings and an upload's rule name, within this budget. */
export function tellingOf(
  env: Env,
  options: { rule: Rule | undefined; budget: Budget; requestId: string },
): Telling {
  const { rule, budget, requestId } = options
  const { now, log } = env
  const send = limitSend(env.send, budget)
  const ledger = ledgerOf({ ...env, send })
  return { now, send, budget, ledger, targets: targetsOf(env, rule), requestId, log }
}

function ledgerOf(env: Env): Ledger {
  const { settings, instance, uuid } = env
  if (settings.ledger === 'oss') {
    return createOssLedger(ossAccess(env, settings.target.bucket), uuid())
  }
  instance.memoryLedger ??= createMemoryLedger()
  return instance.memoryLedger
}

function targetsOf(env: Env, rule: Rule | undefined): Target[] {
  const { eventFunction, eventWebhook, target } = env.settings
  const { accountId, credentials } = env
  const onUploaded = rule?.upload?.onUploaded
  const targets: Target[] = []
  if (onUploaded) targets.push(hookTarget(onUploaded))
  if (eventWebhook) targets.push(webhookTarget(eventWebhook))
  if (eventFunction) {
    const { region } = target
    const endpoint = eventFunction.endpoint ?? `https://${accountId}.${region}.fc.aliyuncs.com`
    const { name } = eventFunction
    targets.push(consumerTarget({ name, accountId, region, endpoint, credentials }))
  }
  return targets
}

type Hook = NonNullable<NonNullable<Rule['upload']>['onUploaded']>

function hookTarget(onUploaded: Hook): Target {
  return {
    name: 'onUploaded',
    deliver: async ({ data, id }) => {
      try {
        await onUploaded(data, id)
      } catch (cause) {
        // The adopter's own words: whoever throws a secret there means to see it.
        throw new DeliveryError(String(cause), { cause })
      }
    },
  }
}
