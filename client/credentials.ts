import type { Api } from './api'
import { createCache } from './cache'
import { OssDirectError } from './errors'
import { askPatiently } from './signed'
import type { Access, LentCredentials } from './types'

const MARGIN_MS = 60_000

/** Returns credentials for the caller's own prefix. */
export type LendCredentials = (rule: string, access?: Access) => Promise<LentCredentials>

/**
 * Creates what lends credentials: one request for all who ask meanwhile, a new one after `refreshAfter`, and the earlier ones
 * meanwhile only where the new request fails and they still work.
 */
export function createLending(api: Api): LendCredentials {
  const cache = createCache<LentCredentials>(api.now)
  return (rule, access = 'write') =>
    cache.get(`${access} ${rule}`, async (earlier) => {
      try {
        const answer = await askPatiently((signal) => api.ask('/sts', { rule, access }, signal))
        const value = answer as unknown as LentCredentials
        return { value, renewAt: Date.parse(value.refreshAfter) }
      } catch (error) {
        const value = await earlier
        const isLasting = value && Date.parse(value.credentials.expiration) > api.now() + MARGIN_MS
        if (!isLasting || !(error instanceof OssDirectError && error.retryable)) throw error
        return { value, renewAt: api.now() + MARGIN_MS / 6 }
      }
    })
}
