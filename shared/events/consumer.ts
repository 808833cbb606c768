import type { Credentials } from '../signing/v4'
import type { Target } from './deliver'

/** A function of the same account that takes upload events; `endpoint` is Function Compute's origin. */
export type Consumer = {
  name: string
  accountId: string
  region: string
  endpoint: string
  credentials: Credentials
}

/** Queues events with Function Compute, which retries for us, for a consumer function. */
export function consumerTarget(consumer: Consumer): Target {
  return {
    name: 'function',
    deliver: async (event, { timeoutMs }) => {
      // Loaded at the first event: most starts need no SDK.
      const { invokeAsync } = await import('./fc-sdk')
      await invokeAsync(consumer, JSON.stringify(event), timeoutMs)
    },
  }
}
