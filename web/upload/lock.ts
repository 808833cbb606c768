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
