import { memoize } from './memo'

/** Returns Unix seconds as `YYYY-MM-DDTHH:mm:ssZ`, without a fraction, which iOS clients can't parse. */
export const toIsoTime = memoize(
  (unixSeconds: number) => `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`,
)
