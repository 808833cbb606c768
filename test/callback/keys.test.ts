import { generateKeyPairSync } from 'node:crypto'
import { createCallbackKeys, PUBLISHED_KEY } from '../../shared/callback/keys'
import { verifyCallbackSignature } from '../../shared/callback/verify'
import { Refusal } from '../../shared/errors'
import type { HttpRequest, OutgoingRequest, Send } from '../../shared/http/message'
import { titled } from '../support/titled'
import vectors from '../vectors/callback.json'

const HOST = 'https://gosspublic.alicdn.com'
const NOW = 1_700_000_000
const genuine = vectors[2] ?? { path: '', body: '', authorization: '' }
const TRUSTED = { url: 'http://localhost:9001/callback-key.pem', pem: PUBLISHED_KEY.pem }

/** A callback that OSS signed, with the key URL and the signature that its headers name. */
function callback(change: { keyUrl?: string; authorization?: string }): HttpRequest {
  const { path, body, authorization } = { ...genuine, ...change }
  const { keyUrl = Buffer.from(`${HOST}/callback_pub_key_v2.pem`).toString('base64') } = change
  return {
    method: 'POST',
    path,
    query: {},
    headers: { authorization, 'x-oss-pub-key-url': keyUrl },
    body: Buffer.from(body),
    requestId: 'r',
    sourceIp: '127.0.0.1',
  }
}

/** Proves a callback where every host in the world answers with the key that signed it. */
async function prove(request: HttpRequest, trusted?: typeof TRUSTED) {
  const sent: string[] = []
  const send: Send = async ({ url }) => {
    sent.push(url)
    return { status: 200, headers: {}, body: Buffer.from(PUBLISHED_KEY.pem) }
  }
  const keys = createCallbackKeys({ send, ...(trusted && { trusted }) })
  const outcome = await verifyCallbackSignature(request, {
    callbackPath: request.path,
    keys,
    now: NOW,
  }).then(
    () => 'proven',
    (error: unknown) => (error instanceof Refusal ? error.reason : error),
  )
  return { outcome, sent }
}

function from(url: string): HttpRequest {
  return callback({ keyUrl: Buffer.from(url, 'latin1').toString('base64') })
}

describe('the key of a callback that is genuine', () => {
  it('is fetched once from the host of Alibaba Cloud, where it is not the published one', async () => {
    const url = `${HOST}/callback_pub_key_v2.pem`
    expect(await prove(from(url))).toEqual({ outcome: 'proven', sent: [url] })
    const [published] = PUBLISHED_KEY.urls
    expect(await prove(from(published))).toEqual({ outcome: 'proven', sent: [] })
  })

  it.each([
    ['another host', 'https://evil.tld/callback_pub_key_v1.pem'],
    ['a host that begins alike', `${HOST}.evil.tld/callback_pub_key_v1.pem`],
    ['a host behind a user', `${HOST}@evil.tld/callback_pub_key_v1.pem`],
    ['a user before the host', 'https://user@gosspublic.alicdn.com/callback_pub_key_v2.pem'],
    ['a port', `${HOST}:8443/callback_pub_key_v2.pem`],
    ['http', 'http://gosspublic.alicdn.com/callback_pub_key_v2.pem'],
    ['a file', 'file:///etc/passwd'],
    ['this machine', 'https://127.0.0.1/callback_pub_key_v1.pem'],
    ['the host in capitals', 'https://GOSSPUBLIC.alicdn.com/callback_pub_key_v2.pem'],
    ['a query', `${HOST}/callback_pub_key_v2.pem?to=https://evil.tld`],
    ['a fragment', `${HOST}/callback_pub_key_v2.pem#evil.tld`],
    ['a folder above', `${HOST}/../callback_pub_key_v2.pem`],
    ['a line break', `${HOST}/callback_pub_key_v2.pem\r\nHost: evil.tld`],
    ['a character that is not ASCII', `${HOST}/callback_pub_key_v\xe92.pem`],
    ['no path', HOST],
    ['the key URL of a local OSS', TRUSTED.url],
  ])('is never asked for by %s', async (_, url) => {
    expect(await prove(from(url))).toEqual({ outcome: 'callback_key_url', sent: [] })
  })

  it.each(
    titled([
      'https://user:pass@gosspublic.alicdn.com/callback_pub_key_v2.pem',
      'https://gosspublic.alicdn.com:443/callback_pub_key_v2.pem',
      'ftp://gosspublic.alicdn.com/callback_pub_key_v2.pem',
      'HTTPS://gosspublic.alicdn.com/callback_pub_key_v2.pem',
      'https://gosspublic.alicdn.com./callback_pub_key_v2.pem',
      'https://gosspublic.alicdn.com/keys/callback_pub_key_v2.pem',
      'https://gosspublic.alicdn.com/callback_pub_key_v0.pem',
      'https://gosspublic.alicdn.com/callback_pub_key_v100.pem',
      'https://gosspublic.alicdn.com/callback_pub_key_v2x.pem',
      'https://gosspublic.alicdn.com/callback_pub_key_v2xpem',
      'https://gosspublic.alicdn.com/large-file.bin',
      'https://gosspublic.alicdn.com/a/../../b.pem',
      'https://gosspublic.alicdn.com/.hidden',
      'https://gosspublic.alicdn.com//evil.tld/b.pem',
      'https://gosspublic.alicdn.com/a%2F..%2Fb.pem',
      'https://gosspublic.alicdn.com/b.pem?redirect=https://evil.tld',
      'https://gosspublic.alicdn.com/b.pem#evil.tld',
      'https://gosspublic.alicdn.com\\@evil.tld/b.pem',
      'https://gosspublic.alicdn.com/b.pem\r\nHost: evil.tld',
      'https://gosspublic.alicdn.com/b.pem\n',
      'https://gosspublic.alicdn.com',
      'https://gosspublic.alicdn.com/',
      'https://gosspublic\u3002alicdn.com/b.pem',
      'https://[::1]/callback_pub_key_v1.pem',
      'https://evil.tld/https://gosspublic.alicdn.com/b.pem',
      '//gosspublic.alicdn.com/b.pem',
      ' https://gosspublic.alicdn.com/b.pem',
      `https://gosspublic.alicdn.com/${'a'.repeat(10_000)}`,
      `https://gosspublic.alicdn.com/${'a'.repeat(227)}`,
    ]),
  )('is never asked for by the key URL %s', async (_, url) => {
    expect(await prove(from(url))).toEqual({ outcome: 'callback_key_url', sent: [] })
  })

  it('is asked for by the names of keys alone, of which there are a hundred', async () => {
    for (const name of ['callback_pub_key_v2', 'callback_pub_key_v99']) {
      const url = `${HOST}/${name}.pem`
      expect(await prove(from(url))).toEqual({ outcome: 'proven', sent: [url] })
    }
    for (const name of [
      'callback_pub_key_v0',
      'callback_pub_key_v100',
      'large',
      'a/callback_pub_key_v2',
    ]) {
      const refused = { outcome: 'callback_key_url', sent: [] }
      expect(await prove(from(`${HOST}/${name}.pem`))).toEqual(refused)
    }
  })

  it('is asked for nowhere where a key of our own is trusted', async () => {
    expect(await prove(from(TRUSTED.url), TRUSTED)).toEqual({ outcome: 'proven', sent: [] })
    for (const url of [`${HOST}/callback_pub_key_v2.pem`, PUBLISHED_KEY.urls[0]]) {
      expect(await prove(from(url), TRUSTED)).toEqual({ outcome: 'callback_key_url', sent: [] })
    }
  })
})

describe('a callback that cannot be genuine', () => {
  const keyUrl = (characters: number) => ({ keyUrl: 'A'.repeat(characters) })
  const signature = (characters: number) => ({ authorization: 'A'.repeat(characters) })

  /** Whether anyone asked for the key that signed this callback. */
  async function asksForKey(request: HttpRequest, callbackPath = request.path): Promise<boolean> {
    let asks = 0
    const find = async () => {
      asks++
      throw new Refusal('callback_key_url')
    }
    const proof = verifyCallbackSignature(request, { callbackPath, keys: { find }, now: NOW })
    await expect(proof).rejects.toBeInstanceOf(Refusal)
    return asks > 0
  }

  it('asks for no key by more than 512 characters of base64', async () => {
    expect(await asksForKey(callback(keyUrl(512)))).toBe(true)
    expect(await asksForKey(callback(keyUrl(513)))).toBe(false)
  })

  it('asks for no key to verify more than 1,024 characters of base64 with', async () => {
    expect(await asksForKey(callback(signature(1024)))).toBe(true)
    expect(await asksForKey(callback(signature(1025)))).toBe(false)
  })

  it.each<[string, HttpRequest]>([
    ['a key URL that is not base64', callback({ keyUrl: 'https://gosspublic.alicdn.com/a.pem' })],
    ['a signature that is not base64', callback({ authorization: 'Bearer abc' })],
    ['a query', { ...callback({}), query: { a: 'b' } }],
  ])('asks for no key with %s', async (_, request) => {
    expect(await asksForKey(callback({}))).toBe(true)
    expect(await asksForKey(request)).toBe(false)
  })

  it('asks for no key on another path', async () => {
    expect(await asksForKey(callback({}), '/upload-callback')).toBe(false)
  })
})

describe('a key that is fetched', () => {
  const newUrl = `${HOST}/callback_pub_key_v2.pem`

  function recordingSend(answer: { status: number; body: string }) {
    const sent: OutgoingRequest[] = []
    const send: Send = async (request) => {
      sent.push(request)
      return { status: answer.status, headers: {}, body: Buffer.from(answer.body) }
    }
    return { send, sent }
  }

  it('fetches a new key from the exact host once, with limits', async () => {
    const { send, sent } = recordingSend({ status: 200, body: PUBLISHED_KEY.pem })
    const keys = createCallbackKeys({ send })
    await Promise.all([keys.find(newUrl, NOW), keys.find(newUrl, NOW)])
    await keys.find(newUrl, NOW)
    expect(sent).toEqual([{ method: 'GET', url: newUrl, timeoutMs: 1000, maxBytes: 4096 }])
  })

  const ed25519 = generateKeyPairSync('ed25519').publicKey.export({ type: 'spki', format: 'pem' })

  it.each<[string, { status: number; body: string }, string]>([
    ['a redirect', { status: 302, body: PUBLISHED_KEY.pem }, 'returned status 302'],
    ['an error', { status: 404, body: '' }, 'returned status 404'],
    ['no key', { status: 200, body: 'no key' }, ''],
    ['another kind of key', { status: 200, body: ed25519.toString() }, 'must be an RSA key'],
  ])('refuses %s, names the cause, and asks again after a minute', async (_, answer, problem) => {
    const { send, sent } = recordingSend(answer)
    const keys = createCallbackKeys({ send })
    const lengths = []
    for (const now of [NOW, NOW, NOW + 59, NOW + 60]) {
      await expect(keys.find(newUrl, now)).rejects.toMatchObject({
        reason: 'callback_key_url',
        cause: expect.objectContaining({ message: expect.stringContaining(problem) }),
      })
      lengths.push(sent.length)
    }
    expect(lengths).toEqual([1, 1, 1, 2])
  })

  it('keeps a key for good, whatever else is fetched', async () => {
    const { send, sent } = recordingSend({ status: 200, body: PUBLISHED_KEY.pem })
    const keys = createCallbackKeys({ send })
    await keys.find(newUrl, NOW)
    const failing = Array.from({ length: 97 }, (_, index) => newUrl.replace('v2', `v${index + 3}`))
    for (const url of failing) await keys.find(url, NOW).catch(() => undefined)
    await keys.find(newUrl, NOW + 3600)
    expect(sent.filter(({ url }) => url === newUrl)).toHaveLength(1)
  })
})
