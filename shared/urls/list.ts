import type { Caller } from '../auth/caller'
import { decideList } from '../policy/decide'
import type { ListRequest } from '../rules/requests'
import { withBucket } from '../signing/target'
import { type SignedRequest, signUrl } from '../signing/url'
import { toIsoTime } from '../time'
import { toSigner, type UrlContext } from './context'

/** A signed request, the folder that it lists, and its expiry. */
export type ListUrl = SignedRequest & { prefix: string; expiresAt: string }

/**
 * Signs the URL that lists one page of a folder, always with V4, because V1 covers neither prefix nor page (OSS:
 * ListObjectsV2).
 */
export async function signList(
  caller: Caller,
  request: ListRequest,
  context: UrlContext,
): Promise<ListUrl> {
  const { bucket, prefix, after, limit, expiresAt } = await decideList(caller, request, context)
  const signed = signUrl({
    ...toSigner({ signedAt: context.now, expiresAt }, context),
    method: 'GET',
    target: withBucket(context.target, bucket),
    key: '',
    query: {
      'list-type': '2',
      prefix,
      delimiter: '/',
      'max-keys': String(limit),
      ...(after !== undefined && { 'continuation-token': after }),
    },
  })
  return { ...signed, prefix, expiresAt: toIsoTime(expiresAt) }
}
