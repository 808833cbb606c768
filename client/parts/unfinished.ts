import { createSwitches } from '../control'
import type { UnfinishedUpload } from '../types'
import type { UploadContext } from '../upload'
import { isClaimed } from './claim'
import { abortUpload } from './give-up'
import { type Entry, lockOf, readEntries, removeEntry } from './kept'
import { PartUrls } from './part-urls'

/** Returns the uploads that were begun and neither ended nor go on at the moment, here or in another page. */
export async function listUnfinished(context: UploadContext): Promise<UnfinishedUpload[]> {
  const { storage, api } = context
  if (!storage) return []
  const entries = (await readEntries(storage)).filter(({ upload }) => upload.expiresAt > api.now())
  const claimed = await Promise.all(entries.map(({ name }) => isClaimed(lockOf(name))))
  return entries
    .filter((_, index) => !claimed[index])
    .map((entry) => toUnfinished(entry, { ...context, storage }))
}

type Stored = UploadContext & { storage: NonNullable<UploadContext['storage']> }

function toUnfinished({ name, upload, file }: Entry, context: Stored): UnfinishedUpload {
  const { key, begunAt, expiresAt } = upload
  return {
    ...file,
    key,
    begunAt: new Date(begunAt).toISOString(),
    expiresAt: new Date(expiresAt).toISOString(),
    async abort() {
      const { rule, filename, contentType, size } = file
      const source = { size, type: contentType, slice: () => new Uint8Array() }
      const job = {
        ...context,
        ...{ source, rule, filename, contentType, concurrency: 1, verifyCrc64: false },
        control: createSwitches().control,
        report: () => {},
      }
      await abortUpload(job, { upload, urls: new PartUrls(job, upload) })
      await removeEntry(context.storage, name)
    },
  }
}
