import { type Ask, toSignedUrl } from './api'
import type { KeptUpload } from './storage'

// A URL this close to its end is not handed out any more.
const MARGIN_MS = 10_000

/** Answers a signed URL that still serves: the last one, or a new one when that is over. */
export type SignedView = {
  isFresh: () => boolean
  url: () => Promise<string>
}

/** Signed download URLs for one upload: images to look at, anything else to save. */
export function createSignedView(upload: KeptUpload, ask: Ask): SignedView {
  let asked: Promise<string> | undefined
  let servesUntil = 0
  const isFresh = () => Date.now() < servesUntil
  const sign = async () => {
    const { url, lifetimeMs } = toSignedUrl(await ask('/signed-url', toWish(upload)))
    servesUntil = Date.now() + lifetimeMs - MARGIN_MS
    return url
  }
  return {
    isFresh,
    url: () => {
      if (!asked || (servesUntil > 0 && !isFresh())) {
        servesUntil = 0
        asked = sign()
        asked.catch(() => {
          asked = undefined
        })
      }
      return asked
    },
  }
}

/** True for what a browser shows in an `img`. */
export function isImage({ contentType }: KeptUpload): boolean {
  return contentType.startsWith('image/')
}

function toWish(upload: KeptUpload) {
  const { rule, key } = upload
  return { rule, operation: 'get', key, as: isImage(upload) ? 'inline' : 'attachment' }
}
