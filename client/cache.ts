const MOST = 500

/** A value, and when to load it again, by the clock of the cache. */
interface Loaded<Value> {
  value: Value
  renewAt: number
}

type Load<Value> = (earlier: Promise<Value> | undefined) => Promise<Loaded<Value>>

/** Values that are loaded once for all who ask meanwhile, and kept until it is time to load them again. */
export interface Cache<Value> {
  /** Loads the value where none is kept; `load` gets the one that was kept before. A failure is not kept. */
  get(key: string, load: Load<Value>): Promise<Value>
  drop(key: string): void
}

/** Creates a cache of the last 500 values. */
export function createCache<Value>(now: () => number): Cache<Value> {
  const entries = new Map<string, { value: Promise<Value>; renewAt: number }>()
  const drop = (key: string) => void entries.delete(key)

  function start(key: string, loading: Promise<Loaded<Value>>): Promise<Value> {
    const value = loading.then((loaded) => loaded.value)
    const entry = { value, renewAt: Number.POSITIVE_INFINITY }
    loading.then(
      ({ renewAt }) => {
        entry.renewAt = renewAt
      },
      () => {
        if (entries.get(key) === entry) drop(key)
      },
    )
    drop(key)
    entries.set(key, entry)
    if (entries.size > MOST) drop(entries.keys().next().value as string)
    return value
  }

  return {
    get(key, load) {
      const kept = entries.get(key)
      return kept && kept.renewAt > now() ? kept.value : start(key, load(kept?.value))
    },
    drop,
  }
}
