import { type Signal, signal } from '@preact/signals'
import type { SendRequest, SendResponse, Transport } from '../../client'

/** One request of a transfer and what came of it. */
export interface Exchange {
  /** Unix ms. */
  startedAt: number
  endedAt?: number
  request: SendRequest
  response?: SendResponse
  /** Why no response came. */
  error?: unknown
}

/** The requests of one transfer, in the order in which they began. */
export interface Trace {
  exchanges: Signal<readonly Exchange[]>
  /** Sends as the inner transport does, and keeps what it sent. */
  transport: Transport
}

/** Creates the trace of one transfer. */
export function createTrace(inner: Transport): Trace {
  const exchanges = signal<readonly Exchange[]>([])
  const change = (from: Exchange, to: Exchange) => {
    exchanges.value = exchanges.value.map((exchange) => (exchange === from ? to : exchange))
  }
  return {
    exchanges,
    async transport(request) {
      const begun: Exchange = { startedAt: Date.now(), request }
      exchanges.value = [...exchanges.value, begun]
      try {
        const response = await inner(request)
        change(begun, { ...begun, endedAt: Date.now(), response })
        return response
      } catch (error) {
        change(begun, { ...begun, endedAt: Date.now(), error })
        throw error
      }
    },
  }
}
