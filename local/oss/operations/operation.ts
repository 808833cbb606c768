import type { Need } from '../authorize'
import type { Answer, BucketContext, Context } from '../cloud'

type Base = {
  /** As in OSS's documentation. */
  name: string
  needs: (context: Context) => readonly Need[]
}

/** An operation on a bucket that exists. */
export type Operation = Base & { run: (context: BucketContext) => Promise<Answer> | Answer }

/** An operation that needs no bucket to be there. */
export type BareOperation = Base & { runBare: (context: Context) => Promise<Answer> | Answer }

/** The right to act on the object that the request names. */
export function onObject(action: string, access?: 'read' | 'write'): Operation['needs'] {
  return ({ request: { bucket, key } }) => [{ action, bucket, key, ...(access && { access }) }]
}

/** The right to act on the bucket that the request names. */
export function onBucket(action: string, access?: 'read' | 'write'): Operation['needs'] {
  return ({ request: { bucket } }) => [{ action, bucket, key: '', ...(access && { access }) }]
}

/** The rights to write the object that the request names, with the tags and the key it brings. */
export function toWrite(context: Context): readonly Need[] {
  const isTagged = context.request.headers['x-oss-tagging'] !== undefined
  return [
    ...onObject('oss:PutObject', 'write')(context),
    ...(isTagged ? onObject('oss:PutObjectTagging')(context) : []),
    ...toEncrypt(context),
  ]
}

// Where no key is named OSS takes one of its own, whose id no policy knows: wildcards alone allow it.
function toEncrypt({ cloud, request: { bucket, key, headers } }: Context): readonly Need[] {
  if (headers['x-oss-server-side-encryption']?.toUpperCase() !== 'KMS') return []
  const keyId = headers['x-oss-server-side-encryption-key-id'] || '*'
  const resource = `acs:kms:${cloud.region}:${cloud.account.id}:key/${keyId}`
  return ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, bucket, key, resource }))
}
