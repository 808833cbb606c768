import type { ReadonlySignal } from '@preact/signals'
import type { Uploaded } from '../../client'
import type { Trace } from '../inspector/trace'
import type { User } from '../session/users'
import type { Failure } from './failure'
import type { TakenName } from './taken-names'
import type { Way } from './way'

/** Where a transfer is. */
export type Phase =
  | 'checking'
  /** Waits for a person: its name is taken. */
  | 'asking'
  | 'waiting'
  | 'sending'
  /** All bytes are sent; the answer, with the callback behind it, is due. */
  | 'proving'
  | 'paused'
  | 'offline'
  | 'done'
  | 'failed'
  | 'cancelled'

/** The state of a transfer. */
export interface TransferState {
  phase: Phase
  sentBytes: number
  /** Set while no byte has moved for some seconds. */
  isStalled: boolean
  /** Why it failed, or, where it is done, why it is not proven. */
  failure?: Failure
  /** What has its name, while it asks. */
  taken?: TakenName
}

/** One file on its way. */
export interface Transfer {
  readonly id: string
  readonly file: File
  /** The name that the rule's key takes, with its folders. */
  readonly path: string
  readonly rule: string
  readonly user: User
  readonly way: Way
  readonly state: ReadonlySignal<TransferState>
  readonly trace: Trace
  /** What it ended with. */
  readonly uploaded: ReadonlySignal<Uploaded | undefined>
}

/** The phases in which something is still to come. */
const ACTIVE: readonly Phase[] = [
  ...(['checking', 'asking', 'waiting', 'sending', 'proving', 'paused', 'offline'] as const),
]
const RUNNING: readonly Phase[] = ['sending', 'proving', 'offline']

/** Whether something is still to come of a transfer. */
export function isActive({ state }: Transfer): boolean {
  return ACTIVE.includes(state.value.phase)
}

/** Whether a transfer is on the line, or would be if there were one. */
export function isRunning({ state }: Transfer): boolean {
  return RUNNING.includes(state.value.phase)
}

/** Whether a transfer has ended and left nothing to do. */
export function isFinished({ state, uploaded }: Transfer): boolean {
  const { phase } = state.value
  return phase === 'cancelled' || (phase === 'done' && uploaded.value?.proven === true)
}
