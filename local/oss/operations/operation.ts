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

/** The rights to write the object that the request names, with its tags when it brings any. */
export function toWrite(context: Context): readonly Need[] {
  const put = onObject('oss:PutObject', 'write')(context)
  if (context.request.headers['x-oss-tagging'] === undefined) return put
  return [...put, ...onObject('oss:PutObjectTagging')(context)]
}
