import { Refusal } from '../errors'
import type { Log } from '../log'

/** Callers who are refused although their tokens are valid, by `sub` or by token id. */
export type DenyList = { subs: ReadonlySet<string>; jtis: ReadonlySet<string> }

/** The deny list that an instance read last; times in Unix seconds. */
export type DenyListCache = { list?: DenyList; triedAt: number; pending?: Promise<void> }

/** The minimum time between two reads of the list: a change takes effect after this time at the latest. @internal */
export const DENY_LIST_SECONDS = 60
/** The time after which an instance without a list tries again. @internal */
export const DENY_LIST_PAUSE_SECONDS = 5

type Context = { now: number; fetchList: () => Promise<DenyList>; log: Log }

/** Creates an empty cache, one for each instance. */
export function createDenyListCache(): DenyListCache {
  return { triedAt: Number.NEGATIVE_INFINITY }
}

/**
 * Returns the current deny list. If it can't be read, the last one stays in force; throws `deny_list_unavailable` if there
 * is none yet, because a denied caller must not get in.
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
