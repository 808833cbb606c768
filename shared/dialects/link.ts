import type { plainCallback } from '../callback/parameter'
import type { OssTarget } from '../signing/target'
import { toIsoTime } from '../time'

/** A URL that answers with fresh STS credentials, and where these are good for. */
export type Link = {
  url: string
  expiresAt: string
  bucket: string
  region: string
  endpoint: string
  prefix: string
  /** What every upload must send, as the callback present for write access. */
  headers?: Readonly<Record<string, string>>
  callback?: ReturnType<typeof plainCallback>
  serverTime: string
}

type LinkInput = {
  ticket: string
  /** Unix seconds, as `now`. */
  expiresAt: number
  now: number
  target: OssTarget
  prefix: string
  headers?: NonNullable<Link['headers']>
  callback?: NonNullable<Link['callback']>
  /** The URL of a function of the same deployment. */
  callbackUrl: string
}

/** A link for clients that can send no header; `/sts` is where `/upload-callback` is. */
export function toLink(input: LinkInput): Link {
  const { ticket, expiresAt, now, target, prefix, headers, callback, callbackUrl } = input
  const { bucket, region, endpoint } = target
  return {
    url: `${new URL('sts', callbackUrl)}?ticket=${ticket}`,
    expiresAt: toIsoTime(expiresAt),
    bucket,
    region,
    endpoint,
    prefix,
    ...(headers && { headers }),
    ...(callback && { callback }),
    serverTime: toIsoTime(now),
  }
}
