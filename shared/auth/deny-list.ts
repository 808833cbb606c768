import { Refusal } from '../errors'
import type { Log } from '../log'

/** Callers refused although their tokens are good, by `sub` or by token id. */
export type DenyList = { subs: ReadonlySet<string>; jtis: ReadonlySet<string> }

/** The list that an instance read last; times in Unix seconds. */
export type DenyListCache = { list?: DenyList; triedAt: number; pending?: Promise<void> }

/** An instance reads the list at most once in this time: a change counts so much later at the latest. @internal */
export const DENY_LIST_SECONDS = 60
/** An instance that could not read any yet tries again after this time. @internal */
export const DENY_LIST_PAUSE_SECONDS = 5

type Context = { now: number; fetchList: () => Promise<DenyList>; log: Log }

/** A cache without a list, one for each instance. */
export function createDenyListCache(): DenyListCache {
  return { triedAt: Number.NEGATIVE_INFINITY }
}

/**
 * The list that is in force. One that can't be read leaves the last one in force; throws `deny_list_unavailable` where there
 * is none yet, since whoever is on it must not be let in.
 */
export async function currentDenyList(cache: DenyListCache, context: Context): Promise<DenyList> {
  const pauseSeconds = cache.list ? DENY_LIST_SECONDS : DENY_LIST_PAUSE_SECONDS
  if (context.now - cache.triedAt >= pauseSeconds) {
    cache.triedAt = context.now
    cache.pending = refresh(cache, context)
  }
  await cache.pending
  if (cache.list === undefined) throw new Refusal('deny_list_unavailable')
  return cache.list
}

async function refresh(cache: DenyListCache, { fetchList, log }: Context): Promise<void> {
  try {
    cache.list = await fetchList()
  } catch (error) {
    log('error', 'deny list not read', {
      isOldKept: cache.list !== undefined,
      cause: String(error),
    })
  }
}
