import type { LentCredentials, OssDirect } from '../../../client'
import { type AliOss, type AliOssCallback, type AliOssOptions, createAliOss } from './ali-oss'

const RETRIES = 2

/** Credentials and by how much the server's clock is ahead of this device's, as it was when they came. */
export interface Lent {
  lent: LentCredentials
  aheadMs: number
}

const arrivals = new WeakMap<LentCredentials, number>()

/** Returns credentials for the user's own prefix; the client keeps them, so an answer may have come earlier. */
export async function borrow(client: OssDirect, rule: string): Promise<Lent> {
  const lent = await client.credentials(rule, 'write')
  const aheadMs = arrivals.get(lent) ?? Date.parse(lent.serverTime) - Date.now()
  arrivals.set(lent, aheadMs)
  return { lent, aheadMs }
}

/** Creates a client of `ali-oss` by the server's clock, which borrows anew, when it is time, from `refresh`. */
export async function openAliOss(lent: Lent, refresh: () => Promise<Lent>): Promise<AliOss> {
  const sdk = await createAliOss(toClientOptions(lent, refresh))
  sdk.options.amendTimeSkewed = lent.aheadMs
  return sdk
}

function toClientOptions({ lent, aheadMs }: Lent, refresh: () => Promise<Lent>): AliOssOptions {
  const { bucket, region, endpoint } = lent
  return {
    ...toKeys(lent),
    ...{ bucket, region, endpoint },
    sldEnable: isPathStyle(endpoint),
    authorizationV4: true,
    retryMax: RETRIES,
    refreshSTSToken: async () => toKeys((await refresh()).lent),
    refreshSTSTokenInterval: Math.max(0, Date.parse(lent.refreshAfter) - (Date.now() + aheadMs)),
  }
}

/** Converts the callback of the functions' answer to that of `ali-oss`. */
export function toCallback({ callback }: LentCredentials): AliOssCallback {
  if (!callback) throw new TypeError('Credentials for writing must have a callback')
  const { callbackUrl: url, callbackBody: body, callbackBodyType, callbackVar } = callback
  return {
    ...{ url, body, contentType: callbackBodyType },
    callbackSNI: url.startsWith('https:'),
    // ali-oss puts the `x:` before each name itself.
    customValue: { ticket: callbackVar['x:ticket'] ?? '' },
  }
}

function toKeys({ credentials }: LentCredentials) {
  const { accessKeyId, accessKeySecret, securityToken: stsToken } = credentials
  return { accessKeyId, accessKeySecret, stsToken }
}

// Only hosts of Alibaba Cloud and custom domains have the bucket in the host name.
function isPathStyle(endpoint: string): boolean {
  const { hostname } = new URL(endpoint)
  return hostname === 'localhost' || /^[\d.]+$/.test(hostname)
}
