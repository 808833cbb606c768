/** Runs a task unless another one of this name runs, here or in another tab; returns whether it ran. */
export async function runAlone(name: string, task: () => Promise<void>): Promise<boolean> {
  // Pages that were not loaded by https, from other hosts than this machine, have no locks.
  if (!navigator.locks) {
    await task()
    return true
  }
  return navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (!lock) return false
    await task()
    return true
  })
}

/** Whether a task of this name runs, here or in another tab. */
export async function isHeld(name: string): Promise<boolean> {
  const { held = [] } = (await navigator.locks?.query()) ?? {}
  return held.some((lock) => lock.name === name)
}

/** What tells one upload of this browser from the others. */
export interface UploadName {
  sub: string
  rule: string
  /** The name that the rule's key takes. */
  filename: string
  size: number
  lastModified: number
}

/** Returns the name of the lock of an upload. */
export function lockOf({ sub, rule, filename, size, lastModified }: UploadName): string {
  return `oss-direct:transfer:${JSON.stringify([sub, rule, filename, size, lastModified])}`
}
