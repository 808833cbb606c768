import { unlessAborted } from './abort'
import type { Api } from './api'
import { createCache } from './cache'
import type { KeyRules } from './key-rules'
import { askPatiently, askSigned } from './signed'
import type { DownloadOptions, PreviewOptions, SignedUrl } from './types'

// A URL is used some time after it is asked for.
const MARGIN_MS = 60_000

/** URLs of stored files. */
export interface Downloads {
  download(key: string, options?: DownloadOptions): Promise<SignedUrl>
  previewUrl(key: string, options?: PreviewOptions): Promise<string>
}

/** Creates what signs URLs of stored files. */
export function createDownloads(api: Api, keyRules: KeyRules): Downloads {
  const previews = createCache<string>(api.now)

  async function sign(
    key: string,
    { signal, rule, ...options }: DownloadOptions & { stable?: boolean },
  ) {
    const request = { ...options, operation: 'get', key, rule: keyRules.find(key, rule) }
    const { url, expiresAt } = await askPatiently(
      (own) => askSigned(api, '/signed-url', request, own),
      signal,
    )
    return { key, url, expiresAt }
  }

  return {
    download: (key, options = {}) => sign(key, options),
    previewUrl(key, { signal = new AbortController().signal, ...options } = {}) {
      const name = JSON.stringify([key, options.rule, options.process])
      const preview = previews.get(name, async () => {
        const { url, expiresAt } = await sign(key, { as: 'inline', stable: true, ...options })
        const left = Date.parse(expiresAt) - api.now()
        return { value: url, renewAt: api.now() + Math.max(left - MARGIN_MS, left / 2) }
      })
      // A signal ends the waiting of its caller alone, since others may wait for the same URL.
      return unlessAborted(preview, signal)
    },
  }
}
