import { type Budget, withTimeout } from '../budget'
import { Refusal } from '../errors'
import type { Send } from '../http/message'
import type { UploadEvent } from './event'

/** What a delivery needs: `now` in Unix seconds. */
export type DeliveryContext = { now: number; send: Send; budget: Budget }

/** One place that upload events go to. */
export type Target = {
  name: string
  /** Resolves once the event is safe there. */
  deliver: (event: UploadEvent, context: DeliveryContext & { timeoutMs: number }) => Promise<void>
}

/** A refusal by a target, in words that are safe to log. */
export class DeliveryError extends Error {}

/** A target that did not take the event, and why, in words that hold no secret. */
export type Failure = { target: string; cause: string }

const TIMEOUT_MS = 1500

/** Hands an event to all targets at once; a target that fails or takes too long is one of the failures. */
export async function deliverToAll(
  event: UploadEvent,
  targets: readonly Target[],
  context: DeliveryContext,
): Promise<Failure[]> {
  const outcomes = await Promise.all(targets.map((target) => attempt(target, event, context)))
  return outcomes.filter((outcome) => outcome !== undefined)
}

async function attempt(
  { name, deliver }: Target,
  event: UploadEvent,
  context: DeliveryContext,
): Promise<Failure | undefined> {
  try {
    const timeoutMs = context.budget.share(TIMEOUT_MS)
    await withTimeout(timeoutMs, deliver(event, { ...context, timeoutMs }))
    return undefined
  } catch (error) {
    return { target: name, cause: describe(error) }
  }
}

// Messages of SDKs hold whole URLs; names and codes hold no secret.
function describe(error: unknown): string {
  if (error instanceof DeliveryError || error instanceof Refusal) return error.message
  const { name, code } = Object(error) as Partial<Record<string, unknown>>
  return [name, code].filter((fact) => fact !== undefined).join(' ') || 'unknown'
}
