import { transfers } from '../upload/transfers'

/** Returns how many uploads of this page have been stored under a key. */
export function countStored(key: string): number {
  return transfers.value.filter(({ uploaded }) => uploaded.value?.key === key).length
}
