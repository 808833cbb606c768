import type { Target } from './deliver'
import type { Consumer } from './fc-sdk'

/** Creates the target that invokes a consumer function asynchronously; Function Compute queues and retries (InvokeFunction). */
export function consumerTarget(consumer: Consumer): Target {
  return {
    name: 'function',
    deliver: async (event, { timeoutMs }) => {
      // Loaded at the first event: most instances do not use the SDK.
      const { invokeAsync } = await import('./fc-sdk')
      await invokeAsync(consumer, JSON.stringify(event), timeoutMs)
    },
  }
}
