const claimed = new Set<string>()

/**
 * Claims a name for this page among all pages of the origin (Web Locks; without them, within this page); returns what releases it,
 * or nothing where somebody else has it.
 */
export async function claim(name: string): Promise<(() => void) | undefined> {
  if (claimed.has(name)) return undefined
  claimed.add(name)
  const unlock = await lock(name)
  if (unlock) {
    return () => {
      claimed.delete(name)
      unlock()
    }
  }
  claimed.delete(name)
  return undefined
}

/** Whether this page, or another one of the origin, has claimed a name. */
export async function isClaimed(name: string): Promise<boolean> {
  if (claimed.has(name)) return true
  try {
    const { held = [] } = (await globalThis.navigator?.locks?.query()) ?? {}
    return held.some((lock) => lock.name === name)
  } catch {
    // Pages without an origin of their own have no locks (Web Locks API).
    return false
  }
}

function lock(name: string): Promise<(() => void) | undefined> {
  const noLock = () => {}
  return new Promise((resolve) => {
    const locks = globalThis.navigator?.locks
    if (!locks) return resolve(noLock)
    const hold = (granted: Lock | null) =>
      granted ? new Promise<void>((unlock) => resolve(unlock)) : resolve(undefined)
    // Pages without an origin of their own have no locks (Web Locks API).
    locks.request(name, { ifAvailable: true }, hold).catch(() => resolve(noLock))
  })
}
