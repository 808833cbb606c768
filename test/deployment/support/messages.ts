import type { InvocationContext } from '../../../local/fc/worker-messages'

/** How the runtime finds a function's entry points: `<file>.<export>` each, as in `s.yaml`. */
export type Entry = {
  code: string
  handler: string
  initializer?: string | undefined
  /** The cloud's time minus the machine's in ms; absent where the clock is the machine's. */
  offsetMs?: number | undefined
}

export type ToRuntime =
  | ({ kind: 'start'; context: InvocationContext } & Entry)
  | { kind: 'invoke'; event: string; context: InvocationContext; offsetMs?: number | undefined }

export type FromRuntime =
  | { kind: 'ready'; version: string }
  | { kind: 'returned'; text: string }
  | { kind: 'threw'; message: string }
