import { createHmac } from 'node:crypto'
import { defineJws, readJws, signJws, toAudience } from '../../shared/policy/compact-jws'

const SECRETS = ['new-secret-of-32-bytes-xxxxxxxxxx', 'old-secret-of-32-bytes-xxxxxxxxxx']
const KIND = { type: 'a+jwt', purpose: 'purpose 1', maxCharacters: 200 }
const JWS = defineJws(KIND)
const PAYLOAD = { sub: 'alice', name: '文件' }
const signed = signJws(JWS, PAYLOAD, SECRETS) ?? ''

it('is what an independent HS256 signs with the derived key', () => {
  const [header = '', payload = ''] = signed.split('.')
  expect(Buffer.from(header, 'base64url').toString()).toBe('{"alg":"HS256","typ":"a+jwt"}')
  const key = createHmac('sha256', SECRETS[0] ?? '')
    .update('purpose 1')
    .digest()
  const signature = createHmac('sha256', key).update(`${header}.${payload}`).digest('base64url')
  expect(signed).toBe(`${header}.${payload}.${signature}`)
})

it('is read under any secret, and signed by the first', () => {
  expect(readJws(JWS, signed, SECRETS)).toEqual(PAYLOAD)
  expect(readJws(JWS, signed, SECRETS.slice(1))).toBeUndefined()
  const old = signJws(JWS, PAYLOAD, SECRETS.slice(1)) ?? ''
  expect(readJws(JWS, old, SECRETS)).toEqual(PAYLOAD)
})

it('is nothing to another type or purpose', () => {
  for (const change of [{ type: 'b+jwt' }, { purpose: 'purpose 2' }]) {
    expect(readJws(defineJws({ ...KIND, ...change }), signed, SECRETS)).toBeUndefined()
  }
})

it('has every byte of it under the signature', () => {
  for (const index of signed.split('').keys()) {
    const other = signed[index] === 'A' ? 'B' : 'A'
    const changed = signed.slice(0, index) + other + signed.slice(index + 1)
    expect([index, readJws(JWS, changed, SECRETS)]).toEqual([index, undefined])
  }
})

it.each(['', 'a', '..', `${signed}.`, `${signed}.x`, signed.slice(0, -1), `${signed}=`])(
  'is not %j',
  (text) => expect(readJws(JWS, text, SECRETS)).toBeUndefined(),
)

it('is as long as it may be, and no longer', () => {
  const max = { ...KIND, maxCharacters: signed.length }
  expect(signJws(defineJws(max), PAYLOAD, SECRETS)).toBe(signed)
  expect(readJws(defineJws(max), signed, SECRETS)).toEqual(PAYLOAD)
  const less = { ...KIND, maxCharacters: signed.length - 1 }
  expect(signJws(defineJws(less), PAYLOAD, SECRETS)).toBeUndefined()
  expect(readJws(defineJws(less), signed, SECRETS)).toBeUndefined()
})

it('needs a secret', () => {
  expect(() => signJws(JWS, PAYLOAD, [])).toThrow('No ticket secret is set')
})

it('names a deployment by a short digest', () => {
  expect(toAudience('https://a.example.com/upload-callback')).toMatch(/^[\w-]{22}$/)
  expect(toAudience('https://b.example.com/upload-callback')).not.toBe(
    toAudience('https://a.example.com/upload-callback'),
  )
})
