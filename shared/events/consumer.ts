import type { Target } from './deliver'
import type { Consumer } from './fc-sdk'

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
