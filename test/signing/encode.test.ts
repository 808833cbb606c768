import * as fc from 'fast-check'
import { encodePath, encodeValue } from '../../shared/signing/encode'

/** Encodes byte by byte, as the rule is written. */
function slowly(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => {
      const sign = String.fromCharCode(byte)
      return /[A-Za-z0-9\-_.~]/.test(sign)
        ? sign
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`
    })
    .join('')
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 300 }),
  fc.base64String({ minLength: 100, maxLength: 400 }),
  fc.string({ unit: fc.constantFrom('a', '!', "'", '(', '*', '😀', '/', '='), maxLength: 300 }),
)

test('a value is encoded byte by byte, short or long', () => {
  fc.assert(
    fc.property(text, (value) => {
      expect(encodeValue(value)).toBe(slowly(value))
      const hasDots = value.split('/').some((segment) => ['.', '..'].includes(segment))
      if (hasDots) expect(() => encodePath(value)).toThrow(URIError)
      else expect(encodePath(value)).toBe(slowly(value).replaceAll('%2F', '/'))
    }),
    { numRuns: 500 },
  )
})

test.each(['.', '..', 'a/..', '../a', 'a/../b', 'a/./b', 'a/./报告', 'a/..//b'])(
  'the key %j is never signed, since clients would request another',
  (key) => {
    expect(() => encodePath(key)).toThrow(URIError)
  },
)

test.each(['...', 'a/...', '.a', 'a..', 'a/.b', 'a/..b', 'a./b'])('the key %j is plain', (key) => {
  expect(encodePath(key)).toBe(key)
})

test.each([128, 129])('a lone surrogate in %i characters throws', (length) => {
  expect(() => encodeValue(`${'a'.repeat(length - 1)}\ud800`)).toThrow(URIError)
})
