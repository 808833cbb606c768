import { imageSize } from 'image-size'
import type { ObjectRecord } from '../store/records'
import type { Store } from '../store/store'

/** The properties of an image that a callback can send. */
export type ImageInfo = { height: number; width: number; format: string }

// Covers the metadata that cameras put before a JPEG's size.
const HEAD_BYTES = 512 * 1024
const FORMATS = new Set(['png', 'jpg', 'gif', 'webp', 'bmp', 'tiff'])

/**
 * Reads size and format from the first bytes of an object; returns `undefined` if it is not an
 * image.
 */
export async function readImageInfo(
  store: Store,
  record: ObjectRecord,
): Promise<ImageInfo | undefined> {
  if (record.size === 0) return undefined
  const stream = store.read(record.segments, 0, Math.min(record.size, HEAD_BYTES) - 1)
  const chunks: Buffer[] = []
  for await (const chunk of stream) chunks.push(chunk)
  try {
    const { height, width, type } = imageSize(Buffer.concat(chunks))
    return type && FORMATS.has(type) ? { height, width, format: type } : undefined
  } catch {
    // image-size throws for input that is not an image of a known format.
    return undefined
  }
}
