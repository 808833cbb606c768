import type { Budget } from '../budget'
import { type CallbackKeys, createCallbackKeys } from '../callback/keys'
import type { CallbackContext, ProofContext, ProvenUpload } from '../callback/prove'
import { consumerTarget } from '../events/consumer'
import { DeliveryError, type Target } from '../events/deliver'
import { createMemoryLedger, type Ledger } from '../events/ledger'
import { createOssLedger } from '../events/oss-ledger'
import type { PublishContext } from '../events/publish'
import { webhookTarget } from '../events/webhook'
import { limitSend } from '../http/limit-send'
import type { Rule } from '../rules/rule'
import { ossAccess, readDenied, ticketKeys } from './contexts'
import type { Env } from './env'

/** Returns the keys that verify callbacks, cached for all requests of an instance. @internal */
export function callbackKeys({ settings, instance, send }: Env): CallbackKeys {
  const trusted = settings.callbackKey
  instance.callbackKeys ??= createCallbackKeys({ send, ...(trusted && { trusted }) })
  return instance.callbackKeys
}

/** Returns the context of a proof within this budget. */
export function proofContext(env: Env, budget: Budget): ProofContext {
  const { settings, rules, now } = env
  const limited = { ...env, send: limitSend(env.send, budget) }
  return {
    rules,
    bucket: settings.target.bucket,
    readDeniedSubs: async () => (await readDenied(limited)).subs,
    now,
    ...(settings.confirmUploads && { accessOf: (bucket) => ossAccess(limited, bucket) }),
  }
}

/** Returns the context of a proof by callback within this budget. */
export function callbackContext(env: Env, budget: Budget): CallbackContext {
  const callbackPath = new URL(env.settings.callbackUrl).pathname
  const keys = callbackKeys(env)
  return { ...proofContext(env, budget), callbackPath, keys, ticketKeys: ticketKeys(env) }
}

/** Returns the ledger and targets of an upload from its rule and the settings, within this budget. */
export function publishContext(
  env: Env,
  options: { proven: Pick<ProvenUpload, 'rule' | 'ticketId'>; budget: Budget; requestId: string },
): PublishContext {
  const { proven, budget, requestId } = options
  const { rule, ticketId } = proven
  const { now, log } = env
  const send = limitSend(env.send, budget)
  const ledger = ledgerOf({ ...env, send })
  const once = rule.upload.once && { once: ticketId === undefined ? {} : { ticketId } }
  return { now, send, budget, ledger, ...once, targets: targetsOf(env, rule), requestId, log }
}

function ledgerOf(env: Env): Ledger {
  const { settings, instance, uuid } = env
  if (settings.ledger === 'oss') {
    return createOssLedger(ossAccess(env, settings.target.bucket), uuid())
  }
  instance.memoryLedger ??= createMemoryLedger()
  return instance.memoryLedger
}

function targetsOf(env: Env, rule: Rule): Target[] {
  const { eventFunction, eventWebhook, target } = env.settings
  const { accountId, credentials } = env
  const onUploaded = rule.upload?.onUploaded
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
        // The adopter wrote this message, so it is logged as it is.
        throw new DeliveryError(String(cause), { cause })
      }
    },
  }
}
