import { createPublicKey, type KeyObject } from 'node:crypto'
import { Refusal } from '../errors'
import type { Send } from '../http/message'

/** The public keys that verify callbacks, by URL; `now` in Unix seconds. */
export type CallbackKeys = { find: (url: string, now: number) => Promise<KeyObject> }

/** The key that Alibaba Cloud publishes for callback signatures (OSS: Callback, public key). @internal */
export const PUBLISHED_KEY = {
  urls: [
    'https://gosspublic.alicdn.com/callback_pub_key_v1.pem',
    'http://gosspublic.alicdn.com/callback_pub_key_v1.pem',
  ],
  pem: `-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGs
C0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==
-----END PUBLIC KEY-----
`,
} as const

// Only this host over https, and at most 99 names, so that the cache is bounded.
const FETCHABLE = /^https:\/\/gosspublic\.alicdn\.com\/callback_pub_key_v[1-9]\d?\.pem$/
const MAX_PEM_BYTES = 4096
const FETCH_TIMEOUT_MS = 1000
const FAILURE_SECONDS = 60

/**
 * Creates the keys by URL: the published key is built in; a later one is fetched from Alibaba Cloud's host and cached, as is
 * a failure, for a minute. `trusted` (for a local OSS) replaces them all.
 */
export function createCallbackKeys(options: {
  send: Send
  trusted?: { url: string; pem: string }
}): CallbackKeys {
  const { send, trusted } = options
  const pinned = trusted ? { urls: [trusted.url], pem: trusted.pem } : PUBLISHED_KEY
  const key = createPublicKey(pinned.pem)
  const urls: readonly string[] = pinned.urls
  const fetched = new Map<string, Fetched>()
  return {
    find: async (url, now) => {
      if (urls.includes(url)) return key
      if (trusted || !FETCHABLE.test(url)) throw new Refusal('callback_key_url')
      const known = fetched.get(url)
      if (known && now < known.forgetAt) return known.key
      const fresh: Fetched = { key: fetchKey(url, send), forgetAt: Number.POSITIVE_INFINITY }
      fetched.set(url, fresh)
      fresh.key.catch(() => {
        fresh.forgetAt = now + FAILURE_SECONDS
      })
      return fresh.key
    },
  }
}

type Fetched = { key: Promise<KeyObject>; forgetAt: number }

async function fetchKey(url: string, send: Send): Promise<KeyObject> {
  try {
    const limits = { timeoutMs: FETCH_TIMEOUT_MS, maxBytes: MAX_PEM_BYTES }
    const { status, body } = await send({ method: 'GET', url, ...limits })
    if (status !== 200) throw new Error(`The host of the key returned status ${status}`)
    return toRsaKey(body)
  } catch (cause) {
    throw new Refusal('callback_key_url', {}, { cause })
  }
}

function toRsaKey(pem: Buffer): KeyObject {
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw new Error('The key must be an RSA key')
  return key
}
