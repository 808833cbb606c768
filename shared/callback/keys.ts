import { createPublicKey, type KeyObject } from 'node:crypto'
import { Refusal } from '../errors'
import type { Send } from '../http/message'

/** The public keys that sign callbacks, by their URL; `now` in Unix seconds. */
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

// The exact host over https, and the names that its keys have: a hundred of them, so that all kept of them is bounded.
const FETCHABLE = /^https:\/\/gosspublic\.alicdn\.com\/callback_pub_key_v[1-9]\d?\.pem$/
const MAX_PEM_BYTES = 4096
const FETCH_TIMEOUT_MS = 1000
const FAILURE_SECONDS = 60

/**
 * Keys by URL: the published one is built in, a later one is fetched from Alibaba Cloud's own host and kept, and a failure
 * to fetch it for a minute; `trusted` (a local OSS) replaces them all.
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
    if (status !== 200) throw new Error(`The key's host answered ${status}`)
    return toRsaKey(body)
  } catch (cause) {
    throw new Refusal('callback_key_url', {}, { cause })
  }
}

function toRsaKey(pem: Buffer): KeyObject {
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'rsa') throw new Error('The key is not an RSA key')
  return key
}
