import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto'
import { createCallbackKeys, PUBLISHED_KEY } from '../../shared/callback/keys'
import { signedBytes, verifyCallbackSignature } from '../../shared/callback/verify'
import { Refusal } from '../../shared/errors'
import type { HttpRequest, Send } from '../../shared/http/message'
import { titled } from '../support/titled'
import vectors from '../vectors/callback.json'

const NOW = 1_700_000_000
const local = generateKeyPairSync('rsa', { modulusLength: 1024 })
const localPem = local.publicKey.export({ type: 'spki', format: 'pem' }).toString()
const localUrl = 'http://localhost:9001/callback-key.pem'
const publishedUrl = PUBLISHED_KEY.urls[0]

const noSend: Send = async ({ url }) => {
  throw new Error(`A request left for ${url}`)
}

function toBase64(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64')
}

function genuine(index: number): HttpRequest {
  const vector = vectors[index]
  if (!vector) throw new Error('No such vector')
  return requestOf(vector.path, Buffer.from(vector.body), vector.authorization)
}

function requestOf(path: string, body: Buffer, authorization: string): HttpRequest {
  return {
    method: 'POST',
    path,
    query: {},
    headers: { authorization, 'x-oss-pub-key-url': toBase64(publishedUrl) },
    body,
    requestId: 'r',
    sourceIp: '127.0.0.1',
  }
}

function signLocally(path: string, body: string): HttpRequest {
  const signature = sign(
    'md5',
    Buffer.from(`${path}\n${body}`),
    createPrivateKey(local.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  )
  const request = requestOf(path, Buffer.from(body), signature.toString('base64'))
  return withHeaders(request, { 'x-oss-pub-key-url': toBase64(localUrl) })
}

function withHeaders(request: HttpRequest, headers: Record<string, string>): HttpRequest {
  return { ...request, headers: { ...request.headers, ...headers } }
}

async function outcome(
  request: HttpRequest,
  options: { send?: Send; trusted?: { url: string; pem: string }; callbackPath?: string } = {},
): Promise<string> {
  const { send = noSend, trusted, callbackPath = request.path } = options
  const keys = createCallbackKeys({ send, ...(trusted && { trusted }) })
  return verifyCallbackSignature(request, { callbackPath, keys, now: NOW }).then(
    () => 'proven',
    (error: unknown) => {
      if (error instanceof Refusal) return error.reason
      throw error
    },
  )
}

describe('genuine callbacks', () => {
  it.each(vectors)('verifies "$name" with the published key', async (vector) => {
    const { path, rawQuery, body, authorization } = vector
    const key = await createCallbackKeys({ send: noSend }).find(publishedUrl, NOW)
    const { verify } = await import('node:crypto')
    const bytes = signedBytes({ path, rawQuery }, Buffer.from(body))
    expect(verify('md5', bytes, key, Buffer.from(authorization, 'base64'))).toBe(true)
  })

  it.each([1, 2, 3])('proves request %d', async (index) => {
    expect(await outcome(genuine(index))).toBe('proven')
  })

  it.each(PUBLISHED_KEY.urls)('knows the key by %s', async (url) => {
    const request = withHeaders(genuine(2), { 'x-oss-pub-key-url': toBase64(url) })
    expect(await outcome(request)).toBe('proven')
  })

  it('proves version 1.0 by name and refuses every other', async () => {
    const version = (text: string) => withHeaders(genuine(2), { 'x-oss-signature-version': text })
    expect(await outcome(version('1.0'))).toBe('proven')
    expect(await outcome(version('2.0'))).toBe('callback_signature')
    expect(await outcome(version(''))).toBe('callback_signature')
  })
})

describe('a changed callback', () => {
  it('is refused with any one byte of the body flipped', async () => {
    const request = genuine(2)
    for (let index = 0; index < request.body.length; index += 7) {
      const body = Buffer.from(request.body)
      body[index] = (body[index] ?? 0) ^ 1
      expect(await outcome({ ...request, body })).toBe('callback_signature')
    }
  })

  it('is refused with any one byte of the signature flipped', async () => {
    const request = genuine(2)
    const signature = Buffer.from(request.headers.authorization ?? '', 'base64')
    for (let index = 0; index < signature.length; index++) {
      const flipped = Buffer.from(signature)
      flipped[index] = (flipped[index] ?? 0) ^ 1
      const changed = withHeaders(request, { authorization: flipped.toString('base64') })
      expect(await outcome(changed)).toBe('callback_signature')
    }
  })

  it('is refused on another path, even one that OSS signed', async () => {
    const request = genuine(2)
    expect(await outcome(request, { callbackPath: '/upload-callback' })).toBe('callback_path')
    expect(await outcome({ ...request, path: '/other' })).toBe('callback_signature')
    expect(await outcome({ ...request, path: `${request.path}/` })).toBe('callback_signature')
  })

  it('is refused with a query', async () => {
    expect(await outcome({ ...genuine(2), query: { a: '1' } })).toBe('callback_path')
  })

  it.each(['/a%0Ab', '/a%00b', '/a%7Fb', '/a%C2%85b', '/%E0%A4%A', '/%'])(
    'is refused on the path %s',
    async (path) => {
      expect(await outcome({ ...genuine(2), path })).toBe('callback_path')
    },
  )

  it('is refused when path and body are shifted against each other', async () => {
    const { path, body } = genuine(2)
    const shifted = { ...genuine(2), path: `${path}%0A${body.toString().slice(0, 5)}` }
    expect(await outcome({ ...shifted, body: body.subarray(5) })).toBe('callback_path')
  })

  it.each(titled(['', 'abc', '!!!!', 'Bearer abc', 'A'.repeat(10_000), 'kKQe\nGTRc']))(
    'is refused with the signature %s',
    async (_, authorization) => {
      expect(await outcome(withHeaders(genuine(2), { authorization }))).toBe('callback_signature')
    },
  )

  it('is refused without signature or key URL', async () => {
    const { authorization, 'x-oss-pub-key-url': keyUrl } = genuine(2).headers
    const without = (headers: Record<string, string>) => ({ ...genuine(2), headers })
    expect(await outcome(without({ 'x-oss-pub-key-url': keyUrl ?? '' }))).toBe('callback_signature')
    expect(await outcome(without({ authorization: authorization ?? '' }))).toBe('callback_key_url')
  })
})

describe('a trusted key of our own', () => {
  const trusted = { url: localUrl, pem: localPem }

  it('proves what the local OSS signed', async () => {
    expect(await outcome(signLocally('/upload-callback', '{}'), { trusted })).toBe('proven')
  })

  it('replaces the published key and every other URL', async () => {
    expect(await outcome(genuine(2), { trusted })).toBe('callback_key_url')
    const other = withHeaders(genuine(2), {
      'x-oss-pub-key-url': toBase64('https://gosspublic.alicdn.com/callback_pub_key_v2.pem'),
    })
    expect(await outcome(other, { trusted })).toBe('callback_key_url')
  })

  it('does not prove what OSS itself signed', async () => {
    const request = withHeaders(genuine(2), { 'x-oss-pub-key-url': toBase64(localUrl) })
    expect(await outcome(request, { trusted })).toBe('callback_signature')
  })

  it('is unknown where it was not set', async () => {
    expect(await outcome(signLocally('/upload-callback', '{}'))).toBe('callback_key_url')
  })
})
