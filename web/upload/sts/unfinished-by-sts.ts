import type { OssDirect, UnfinishedUpload } from '../../../client'
import { isHeld, lockOf } from '../lock'
import { borrow, openAliOss } from './ali-oss-options'
import { forget, type KeptUpload, loadKept } from './kept'

/** Returns the uploads by `ali-oss` that a user has begun and that neither ended nor go on, here or in another tab. */
export async function listUnfinishedBySts(
  sub: string,
  client: OssDirect,
): Promise<UnfinishedUpload[]> {
  const kept = loadKept(sub)
  const held = await Promise.all(kept.map((upload) => isHeld(lockOf({ sub, ...upload }))))
  return kept
    .filter((_, index) => !held[index])
    .map(({ checkpoint, ...upload }) => ({
      ...upload,
      abort: () => abort({ checkpoint, ...upload }, sub, client),
    }))
}

async function abort(upload: KeptUpload, sub: string, client: OssDirect): Promise<void> {
  const { rule, key, checkpoint } = upload
  const lent = await borrow(client, rule)
  const sdk = await openAliOss(lent, () => borrow(client, rule))
  // A lifecycle rule of the bucket deletes what remains.
  await sdk.abortMultipartUpload(key, checkpoint.uploadId).catch(() => undefined)
  forget(sub, upload)
}
