import { abortable } from './abort'

/** The part of a browser's global object that knows about the network. */
export interface Network {
  navigator?: { onLine?: boolean }
  addEventListener?: (type: 'online', listener: () => void) => void
  removeEventListener?: (type: 'online', listener: () => void) => void
}

/** Whether the platform says that there is no network; platforms that can't say it count as online. */
export function isOffline(network: Network = globalThis): boolean {
  return network.navigator?.onLine === false && network.addEventListener !== undefined
}

/** Resolves once there is a network; rejects with the signal's reason when it aborts. */
export async function untilOnline(
  signal: AbortSignal,
  network: Network = globalThis,
): Promise<void> {
  if (!isOffline(network)) return
  await abortable<void>(signal, (resolve) => {
    network.addEventListener?.('online', resolve)
    return () => network.removeEventListener?.('online', resolve)
  })
}
