import { fromOss } from '../answers'
import type { PartsJob } from '../job'
import { isOffline } from '../online'
import { retrying } from '../retry'
import { sendWatched } from '../watched'
import type { PartsContext } from './send-parts'

const RETRIES = 4
const LONGEST_MS = 30_000

/** Deletes the parts of an upload from OSS, for half a minute at most. What it can't delete is left to the bucket's lifecycle rule. */
export async function abortUpload(
  { transport }: PartsJob,
  { upload: _, urls, ...timing }: PartsContext,
): Promise<void> {
  if (isOffline(timing.network)) return
  const late = new AbortController()
  const timer = setTimeout(() => late.abort(), LONGEST_MS)
  const { signal } = late
  const attempt = async (n: number) => {
    const { abort } = await urls.takeWhole(n > 0, signal)
    const response = await sendWatched(transport, { ...abort, signal })
    if (![204, 404].includes(response.status)) throw fromOss(response)
  }
  try {
    await retrying(attempt, { ...timing, signal, retries: RETRIES })
  } catch {
    // The upload has ended for its caller, with or without this.
  } finally {
    clearTimeout(timer)
  }
}
