import type { KeyValueStorage } from '../../client'

/** Returns where the unfinished uploads of one user are kept in this browser: apart from those of others. */
export function keptFor(sub: string): KeyValueStorage | null {
  const nameOf = (key: string) => `${key}:${sub}`
  try {
    const { localStorage: storage } = globalThis
    return {
      getItem: (key) => storage.getItem(nameOf(key)),
      setItem: (key, value) => storage.setItem(nameOf(key), value),
      removeItem: (key) => storage.removeItem(nameOf(key)),
    }
  } catch {
    // A browser that blocks the storage of a page throws.
    return null
  }
}

/** Calls the listener when another tab changes what begins with this name. */
export function onOtherTab(name: string, listener: () => void): void {
  addEventListener('storage', ({ key }) => {
    if (key === null || key.startsWith(name)) listener()
  })
}
