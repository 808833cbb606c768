/** A number of slots, assigned in order; `take` resolves to the function that releases the slot. */
export type Slots = { take: () => Promise<() => void> }

/** Creates `count` free slots. */
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
