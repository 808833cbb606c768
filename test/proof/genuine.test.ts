import { createCallbackKeys } from '../../shared/callback/keys'
import { verifyCallbackSignature } from '../../shared/callback/verify'
import { Refusal } from '../../shared/errors'
import published from '../vectors/callback.json'

// Genuine callbacks of OSS to other applications: their signatures verify with the key that is built in.
const PUBLISHED_KEY = 'http://gosspublic.alicdn.com/callback_pub_key_v1.pem'
const genuine = published.filter(({ rawQuery }) => rawQuery === '')
const keys = createCallbackKeys({ send: () => Promise.reject(new Error('Nothing is fetched')) })

type Capture = { path: string; body: string; authorization: string }

async function reasonOf({ path, body, authorization }: Capture): Promise<string> {
  const keyUrl = Buffer.from(PUBLISHED_KEY).toString('base64')
  const request = {
    ...{ method: 'POST', path, query: {}, body: Buffer.from(body) },
    ...{ headers: { authorization, 'x-oss-pub-key-url': keyUrl } },
    ...{ requestId: 'r', sourceIp: '127.0.0.1' },
  }
  const options = { callbackPath: path, keys, now: 1_700_000_000 }
  try {
    await verifyCallbackSignature(request, options)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}

it.each(genuine)('takes OSS’s own signature: $name', async (capture) => {
  expect(await reasonOf(capture)).toBe('accepted')
})

it.each(genuine)('refuses it over another body or path: $name', async (capture) => {
  const { path, body } = capture
  expect(await reasonOf({ ...capture, body: `${body} ` })).toBe('callback_signature')
  expect(await reasonOf({ ...capture, path: `${path}x` })).toBe('callback_signature')
})

it.each(genuine)('refuses it with one bit flipped: $name', async (capture) => {
  const bytes = Buffer.from(capture.authorization, 'base64')
  bytes.writeUInt8(bytes.readUInt8(9) ^ 1, 9)
  const authorization = bytes.toString('base64')
  expect(await reasonOf({ ...capture, authorization })).toBe('callback_signature')
})
