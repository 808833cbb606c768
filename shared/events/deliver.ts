import { type Budget, withTimeout } from '../budget'
import { Refusal } from '../errors'
import type { Send } from '../http/message'
import type { UploadEvent } from './event'

/** The time, network and budget of a delivery; `now` in Unix seconds. */
export type DeliveryContext = { now: number; send: Send; budget: Budget }

/** A receiver of upload events. */
export type Target = {
  name: string
  /** Resolves when the receiver has accepted the event. */
  deliver: (event: UploadEvent, context: DeliveryContext & { timeoutMs: number }) => Promise<void>
}

/** An error of a target whose message is safe to log. */
export class DeliveryError extends Error {}

/** A target that did not accept the event, and the cause without any secret. */
export type Failure = { target: string; cause: string }

const TIMEOUT_MS = 1500

/** Delivers an event to all targets in parallel; returns the targets that failed or timed out. */
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

// Messages of SDKs contain whole URLs; names and codes contain no secret.
function describe(error: unknown): string {
  if (error instanceof DeliveryError || error instanceof Refusal) return error.message
  const { name, code } = Object(error) as Partial<Record<string, unknown>>
  return [name, code].filter((fact) => fact !== undefined).join(' ') || 'unknown'
}
