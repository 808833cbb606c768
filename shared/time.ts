import { memoize } from './memo'

/** Unix seconds as `YYYY-MM-DDTHH:mm:ssZ`: no fraction, which iOS clients can't read. */
export const toIsoTime = memoize(
  (unixSeconds: number) => `${new Date(unixSeconds * 1000).toISOString().slice(0, 19)}Z`,
)
