const PIXELS = 96
// Larger ones take the browser seconds to decode, and much memory.
const MOST_BYTES = 40 * 1024 * 1024

let latest: Promise<unknown> = Promise.resolve()

/** Draws a small copy of a picture and returns its object URL; `undefined` where the browser can't read it. One at a time. */
export function drawThumbnail(file: File, signal: AbortSignal): Promise<string | undefined> {
  const next = latest.then(() => (signal.aborted ? undefined : draw(file)))
  latest = next
  return next
}

async function draw(file: File): Promise<string | undefined> {
  if (file.size > MOST_BYTES) return undefined
  try {
    const bitmap = await createImageBitmap(file, { resizeHeight: PIXELS, resizeQuality: 'medium' })
    const canvas = new OffscreenCanvas(PIXELS, PIXELS)
    const left = (PIXELS - bitmap.width) / 2
    canvas.getContext('2d')?.drawImage(bitmap, left, 0)
    bitmap.close()
    return URL.createObjectURL(await canvas.convertToBlob())
  } catch {
    // Not a picture after all, or of a kind that this browser can't read.
    return undefined
  }
}
