import { type CallFunction, toSignedUrl } from './api'
import type { KeptUpload } from './storage'

// A URL is not reused this close to its expiry.
const MARGIN_MS = 10_000

/** A signed URL that is reused until shortly before it expires, and then signed again. */
export type SignedView = {
  isFresh: () => boolean
  url: () => Promise<string>
}

/** Returns signed download URLs for one upload: images are displayed, other files are saved. */
export function createSignedView(upload: KeptUpload, call: CallFunction): SignedView {
  let signed: Promise<string> | undefined
  let validUntil = 0
  const isFresh = () => Date.now() < validUntil
  const sign = async () => {
    const { url, lifetimeMs } = toSignedUrl(await call('/signed-url', toRequest(upload)))
    validUntil = Date.now() + lifetimeMs - MARGIN_MS
    return url
  }
  return {
    isFresh,
    url: () => {
      if (!signed || (validUntil > 0 && !isFresh())) {
        validUntil = 0
        signed = sign()
        signed.catch(() => {
          signed = undefined
        })
      }
      return signed
    },
  }
}

/** Returns true for a type that browsers display in an `img`. */
export function isImage({ contentType }: KeptUpload): boolean {
  return contentType.startsWith('image/')
}

function toRequest(upload: KeptUpload) {
  const { rule, key } = upload
  return { rule, operation: 'get', key, as: isImage(upload) ? 'inline' : 'attachment' }
}
