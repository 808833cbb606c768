import type { Need } from '../authorize'
import type { Answer, BucketContext, Context } from '../cloud'

type Base = {
  /** The name in OSS's documentation. */
  name: string
  needs: (context: Context) => readonly Need[]
}

/** An operation on a bucket that exists. */
export type Operation = Base & { run: (context: BucketContext) => Promise<Answer> | Answer }

/** An operation whose bucket need not exist. */
export type BareOperation = Base & { runBare: (context: Context) => Promise<Answer> | Answer }

/** Returns the right to an action on the object of the request. */
export function onObject(action: string, access?: 'read' | 'write'): Operation['needs'] {
  return ({ request: { bucket, key } }) => [{ action, bucket, key, ...(access && { access }) }]
}

/** Returns the right to an action on the bucket of the request. */
export function onBucket(action: string, access?: 'read' | 'write'): Operation['needs'] {
  return ({ request: { bucket } }) => [{ action, bucket, key: '', ...(access && { access }) }]
}

/** Returns the rights to write the object of the request, with its tags and its KMS key. */
export function toWrite(context: Context): readonly Need[] {
  const isTagged = context.request.headers['x-oss-tagging'] !== undefined
  return [
    ...onObject('oss:PutObject', 'write')(context),
    ...(isTagged ? onObject('oss:PutObjectTagging')(context) : []),
    ...toEncrypt(context),
  ]
}

// Without a key id OSS uses its default key, whose id no policy can name: only wildcards allow it.
function toEncrypt({ cloud, request: { bucket, key, headers } }: Context): readonly Need[] {
  if (headers['x-oss-server-side-encryption']?.toUpperCase() !== 'KMS') return []
  const keyId = headers['x-oss-server-side-encryption-key-id'] || '*'
  const resource = `acs:kms:${cloud.region}:${cloud.account.id}:key/${keyId}`
  return ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({ action, bucket, key, resource }))
}
