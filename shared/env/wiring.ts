import type { Budget } from '../budget'
import { type CallbackKeys, createCallbackKeys } from '../callback/keys'
import type { CallbackContext, ProofContext, ProvenUpload } from '../callback/prove'
import { consumerTarget, invokeLater } from '../events/consumer'
import { DeliveryError, type Target } from '../events/deliver'
import type { Consumer } from '../events/fc-sdk'
import { createMemoryLedger, type Ledger } from '../events/ledger'
import { createOssLedger } from '../events/oss-ledger'
import { createOwedStore, type OwedStore } from '../events/owed'
import { type PublishContext, publishUpload } from '../events/publish'
import type { SweepContext } from '../events/sweep'
import { webhookTarget } from '../events/webhook'
import { limitSend } from '../http/limit-send'
import type { Rule } from '../rules/rule'
import { ossAccess, readDenied, ticketKeys } from './contexts'
import type { Env } from './env'

const REPEAT_MS = 1500

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
  const { proven, ...rest } = options
  const { rule, ticketId } = proven
  const once = rule.upload.once && { once: ticketId === undefined ? {} : { ticketId } }
  // Only a callback has a ticket.
  const by = ticketId === undefined ? 'trigger' : 'callback'
  return { ...deliveryContext(env, { rule, ...rest }), by, ...once }
}

type Delivering = { rule: Rule | undefined; budget: Budget; requestId: string }

function deliveryContext(env: Env, { rule, budget, requestId }: Delivering) {
  const { now, log } = env
  const send = limitSend(env.send, budget)
  const ledger = ledgerOf({ ...env, send })
  return { now, send, budget, ledger, targets: targetsOf(env, rule), requestId, log }
}

/**
 * Returns the context of a sweep: deliveries start within `budget`, and end within `limit`. An event of a rule that was
 * removed goes to the targets of the settings.
 */
export function sweepContext(
  env: Env,
  { budget, limit, requestId }: { budget: Budget; limit: Budget; requestId: string },
): SweepContext {
  const { rules, now, log } = env
  const { random } = Math
  return {
    ...{ store: owedStore(env, limit), now, budget, random, requestId, log },
    publish: ({ ticketId, ...entry }) => {
      const rule = rules.get(entry.event.data.rule)
      const context = deliveryContext(env, { rule, budget: limit, requestId })
      return publishUpload(entry, {
        ...context,
        by: 'sweep',
        ...(ticketId !== undefined && { once: { ticketId } }),
      })
    },
    repeat: (missed) =>
      invokeLater(consumerOf(env, siblingOf(env, 'upload-event')), missed, limit.share(REPEAT_MS)),
  }
}

/** Returns the store of what is owed, within this budget. */
export function owedStore(env: Env, limit: Budget): OwedStore {
  const send = limitSend(env.send, limit)
  return createOwedStore(ossAccess({ ...env, send }, env.settings.target.bucket))
}

// All functions of a deployment have the same prefix.
function siblingOf({ functionName }: Env, name: string): string {
  return functionName.replace(/upload-sweep$/, name)
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
  const { eventFunction, eventWebhook } = env.settings
  const onUploaded = rule?.upload?.onUploaded
  const targets: Target[] = []
  if (onUploaded) targets.push(hookTarget(onUploaded))
  if (eventWebhook) targets.push(webhookTarget(eventWebhook))
  if (eventFunction) targets.push(consumerTarget(consumerOf(env, eventFunction)))
  return targets
}

function consumerOf({ settings, accountId, credentials }: Env, name: string): Consumer {
  const { region } = settings.target
  const endpoint = settings.eventEndpoint ?? `https://${accountId}.${region}.fc.aliyuncs.com`
  return { name, accountId, region, endpoint, credentials }
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
