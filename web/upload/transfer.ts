import type { ReadonlySignal } from '@preact/signals'
import type { Uploaded } from '../../client'
import type { Trace } from '../inspector/trace'
import type { User } from '../session/users'
import type { Failure } from './failure'

/** How a file travels; `auto`: as its rule and its size suggest. */
export type Way = 'auto' | 'put' | 'form' | 'parts' | 'sts'

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
  /** Why it failed. */
  failure?: Failure
}

/** One file on its way. */
export interface Transfer {
  id: string
  file: File
  /** The name that the rule's key takes, with its folders. */
  path: string
  rule: string
  user: User
  way: Way
  state: ReadonlySignal<TransferState>
  trace: Trace
  /** What it ended with. */
  uploaded: ReadonlySignal<Uploaded | undefined>
}
