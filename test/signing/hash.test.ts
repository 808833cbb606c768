import { createHash, createHmac } from 'node:crypto'
import fc from 'fast-check'
import { hmac, hmacKey, sha256Hex } from '../../shared/signing/hash'

describe('hash', () => {
  it.each(['sha1', 'sha256'] as const)(
    'agrees with an Hmac object of %s on any key and text',
    (algorithm) => {
      const texts = fc.string({ unit: 'binary', maxLength: 3000 })
      fc.assert(
        fc.property(fc.string({ unit: 'binary', maxLength: 200 }), texts, (secret, text) => {
          const expected = createHmac(algorithm, secret).update(text).digest('hex')
          expect(hmac(hmacKey(algorithm, secret), text, 'hex')).toBe(expected)
        }),
      )
    },
  )

  // RFC 2104 section 2: a secret longer than a block of 64 bytes is hashed first.
  it.each([0, 1, 63, 64, 65, 128, 200])(
    'agrees with an Hmac object under a secret of %d bytes, as text and as bytes',
    (length) => {
      const bytes = Buffer.from(Array.from({ length }, (_, index) => (index * 37) % 256))
      for (const secret of ['s'.repeat(length), bytes]) {
        for (const algorithm of ['sha1', 'sha256'] as const) {
          const expected = createHmac(algorithm, secret).update('a text').digest('base64url')
          expect(hmac(hmacKey(algorithm, secret), 'a text', 'base64url')).toBe(expected)
        }
      }
    },
  )

  it('leaves the bytes of a secret as they were', () => {
    const secret = Buffer.from('secret')
    hmac(hmacKey('sha256', secret), 'a text', 'hex')
    expect(secret.toString()).toBe('secret')
  })

  it.each([0, 55, 56, 63, 64, 65, 1365, 1366, 4096, 4097, 10_000, 10_922, 10_923, 40_000])(
    'agrees with an Hmac object on %d characters of one and of three bytes',
    (length) => {
      for (const character of ['a', '报']) {
        const text = character.repeat(length)
        const expected = createHmac('sha256', 'secret').update(text).digest('base64')
        expect(hmac(hmacKey('sha256', 'secret'), text, 'base64')).toBe(expected)
      }
    },
  )

  it('uses one key for texts of falling length without trace of the longer', () => {
    const key = hmacKey('sha256', 'secret')
    hmac(key, 'a long text', 'hex')
    expect(hmac(key, 'a', 'hex')).toBe(createHmac('sha256', 'secret').update('a').digest('hex'))
  })

  it('makes the SHA-256 of the UTF-8 bytes', () => {
    expect(sha256Hex('报告')).toBe(createHash('sha256').update('报告').digest('hex'))
  })
})
