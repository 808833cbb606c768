import type { Target } from './deliver'
import type { Consumer } from './fc-sdk'

/** Creates the target that invokes a consumer function asynchronously; Function Compute queues and retries (InvokeFunction). */
export function consumerTarget(consumer: Consumer): Target {
  return {
    name: 'function',
    deliver: (event, { timeoutMs }) => invokeLater(consumer, event, timeoutMs),
  }
}

/** Queues an asynchronous invocation of a function with this JSON. */
export async function invokeLater(
  consumer: Consumer,
  payload: object,
  timeoutMs: number,
): Promise<void> {
  // Loaded at the first event: most instances do not use the SDK.
  const { invokeAsync } = await import('./fc-sdk')
  await invokeAsync(consumer, JSON.stringify(payload), timeoutMs)
}
