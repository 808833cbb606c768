import { elementsOf, fromOss } from '../answers'
import type { PartsJob } from '../job'
import { retrying } from '../retry'
import { sendWatched } from '../watched'
import { type BegunUpload, partBytes, type Timing } from './begun'
import type { PartUrls } from './part-urls'

/** Returns the numbers of the parts that OSS has in full. */
export function listParts(
  { transport, control, source }: PartsJob,
  { upload, urls, ...timing }: { upload: BegunUpload; urls: PartUrls } & Timing,
): Promise<Set<number>> {
  const { signal } = control
  return retrying(
    async () => {
      const there = new Set<number>()
      for (const list of (await urls.takeWhole(true)).lists) {
        const response = await sendWatched(transport, { ...list, signal })
        if (response.status !== 200) throw fromOss(response)
        const sizes = elementsOf(response.text, 'Size')
        for (const [index, text] of elementsOf(response.text, 'PartNumber').entries()) {
          const partNumber = Number(text)
          const size = partBytes(upload, source.size, partNumber)
          if (Number(sizes[index]) === size) there.add(partNumber)
        }
      }
      return there
    },
    { ...timing, signal },
  )
}
