import { createPublicKey, type KeyObject } from 'node:crypto'
import { Refusal } from '../errors'
import type { Send } from '../http/message'

/** The public keys that sign callbacks, by their URL. */
export type CallbackKeys = { find: (url: string) => Promise<KeyObject> }

/** The key that Alibaba Cloud publishes for callback signatures (OSS: Callback, public key). */
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

// The exact host over https, no port, no userinfo, no query, and no segment that begins with a dot.
const FETCHABLE = /^https:\/\/gosspublic\.alicdn\.com(?:\/[A-Za-z0-9_][A-Za-z0-9._-]*)+$/
const MAX_URL_CHARACTERS = 256
const MAX_PEM_BYTES = 4096
const FETCH_TIMEOUT_MS = 1000
const MAX_KEPT = 8

/**
 * Keys by URL: the published one is built in, a later one is fetched from Alibaba Cloud's own host and kept; `trusted`
 * (a local OSS) replaces them all.
 */
export function createCallbackKeys(options: {
  send: Send
  trusted?: { url: string; pem: string }
}): CallbackKeys {
  const { send, trusted } = options
  const pinned = trusted ? { urls: [trusted.url], pem: trusted.pem } : PUBLISHED_KEY
  const key = createPublicKey(pinned.pem)
  const urls: readonly string[] = pinned.urls
  const kept = new Map<string, Promise<KeyObject>>()
  return {
    find: async (url) => {
      if (urls.includes(url)) return key
      if (trusted || !isFetchable(url)) throw new Refusal('callback_key_url')
      const known = kept.get(url)
      if (known) return known
      const fetched = fetchKey(url, send)
      if (kept.size >= MAX_KEPT) kept.clear()
      kept.set(url, fetched)
      fetched.catch(() => kept.delete(url))
      return fetched
    },
  }
}

function isFetchable(url: string): boolean {
  return url.length <= MAX_URL_CHARACTERS && FETCHABLE.test(url)
}

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
