/** The time of one request: what it computes on a whole core, and what it waits for others. */
export type RequestTimes = { cpuMs: number; waitMs: number }

/** How Function Compute runs it. */
export type Platform = {
  vcpu: number
  /** Requests at once in one instance; with 1, an instance answers one after the other. */
  concurrency: number
  coldStartMs: number
}

export type Simulated = {
  /** The instances in use at the end. */
  instances: number
  p99Ms: number
  /** The time in which an instance answers at least one request, which is billed. */
  activeSeconds: number
}

/** Requests by kind, in order of arrival; times in ms. */
export type Arrival = { at: number; times: RequestTimes }

type Instance = { readyAt: number; cpuFreeAt: number; activeUntil: number; ends: number[] }

/** Runs these requests in instances, another of which starts whenever all are full: there is no limit. */
export function simulate(arrivals: readonly Arrival[], platform: Platform): Simulated {
  const instances: Instance[] = []
  const durations: number[] = []
  let activeMs = 0
  for (const { at, times } of arrivals) {
    const instance = findInstance(instances, at, platform)
    const startsAt = Math.max(at, instance.readyAt)
    // Node computes for one request at a time; the others wait for their turn.
    instance.cpuFreeAt = Math.max(startsAt, instance.cpuFreeAt) + times.cpuMs / platform.vcpu
    const endsAt = instance.cpuFreeAt + times.waitMs
    activeMs += Math.max(0, endsAt - Math.max(startsAt, instance.activeUntil))
    instance.activeUntil = Math.max(instance.activeUntil, endsAt)
    instance.ends.push(endsAt)
    durations.push(endsAt - at)
  }
  durations.sort((left, right) => left - right)
  const p99Ms = durations[Math.floor(durations.length * 0.99)] ?? Number.NaN
  return { instances: instances.length, p99Ms, activeSeconds: activeMs / 1000 }
}

function findInstance(
  instances: Instance[],
  at: number,
  { concurrency, coldStartMs }: Platform,
): Instance {
  for (const instance of instances) {
    instance.ends = instance.ends.filter((end) => end > at)
    // One that starts is for the request that started it, and with more room for others.
    if (instance.ends.length < concurrency) return instance
  }
  const readyAt = at + coldStartMs
  const started = { readyAt, cpuFreeAt: readyAt, activeUntil: readyAt, ends: [] }
  instances.push(started)
  return started
}

/** Makes requests of these kinds at random, each at `perSecond` on average; the same at every run. */
export function arrive(
  kinds: readonly RequestTimes[],
  { perSecond, seconds, seed }: { perSecond: number; seconds: number; seed: number },
): Arrival[] {
  const random = createRandom(seed)
  const arrivals = kinds.flatMap((times) => {
    const own: Arrival[] = []
    for (let at = 0; at < seconds * 1000; ) {
      at += (-Math.log(1 - random()) / perSecond) * 1000
      own.push({ at, times })
    }
    return own
  })
  return arrivals.sort((left, right) => left.at - right.at)
}

// Mulberry32.
function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
