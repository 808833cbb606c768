/** Hands out a number of slots, to those who wait in their order; each gives its own back. */
export type Slots = { take: () => Promise<() => void> }

/** So many slots, all free. */
export function createSlots(count: number): Slots {
  const waiting: (() => void)[] = []
  let free = count
  const giveBack = () => {
    const next = waiting.shift()
    if (next) next()
    else free++
  }
  return {
    take: async () => {
      if (free > 0) free--
      else await new Promise<void>((resolve) => waiting.push(resolve))
      return giveBack
    },
  }
}
