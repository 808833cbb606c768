import { signal } from '@preact/signals'
import type { OssDirect } from '../../client'

/** A deletion that was asked for. */
export interface Removal {
  state: 'waiting' | 'sending' | 'failed'
  error?: unknown
}

/** How long a deletion can be taken back: it is sent afterwards. */
export const SECONDS_TO_UNDO = 5

/** The deletions that are not over, by key. */
export const removals = signal<ReadonlyMap<string, Removal>>(new Map())

/** How many deletions have ended well; raised after each, so that the list of files is read again. */
export const removedCount = signal(0)

const timers = new Map<string, ReturnType<typeof setTimeout>>()

/** Deletes a file in five seconds, unless that is taken back; `isReplaced` is asked when they are over. */
export function removeLater(
  oss: Pick<OssDirect, 'remove'>,
  { key, rule, isReplaced }: { key: string; rule: string; isReplaced: () => boolean },
): void {
  cancelTimer(key)
  set(key, { state: 'waiting' })
  const send = () => {
    timers.delete(key)
    // What was uploaded under this name since is another file.
    if (isReplaced()) set(key, undefined)
    else void remove(oss, key, rule)
  }
  timers.set(key, setTimeout(send, SECONDS_TO_UNDO * 1000))
}

/** Takes a deletion back, or forgets one that failed. */
export function keep(key: string): void {
  if (removals.value.get(key)?.state === 'sending') return
  cancelTimer(key)
  set(key, undefined)
}

/** Takes back all deletions that are not sent: who leaves the page within the five seconds keeps the file. */
export function keepAll(): void {
  for (const key of [...timers.keys()]) keep(key)
}

async function remove(oss: Pick<OssDirect, 'remove'>, key: string, rule: string): Promise<void> {
  set(key, { state: 'sending' })
  try {
    await oss.remove(key, { rule })
    set(key, undefined)
    removedCount.value += 1
  } catch (error) {
    set(key, { state: 'failed', error })
  }
}

function cancelTimer(key: string): void {
  clearTimeout(timers.get(key))
  timers.delete(key)
}

function set(key: string, removal: Removal | undefined): void {
  const next = new Map(removals.value)
  if (removal) next.set(key, removal)
  else next.delete(key)
  removals.value = next
}
