import { toBase64 } from '../../shared/signing/base64'

it.each([0, 1, 2, 3, 100, 10_922, 10_923, 32_768, 40_000])(
  'agrees with a Buffer on %d characters of one and of three bytes',
  (length) => {
    for (const character of ['a', '报']) {
      const text = character.repeat(length)
      expect(toBase64(text)).toBe(Buffer.from(text).toString('base64'))
    }
  },
)

it('makes a short text after a long one without trace of the longer', () => {
  toBase64('a long text')
  expect(toBase64('é')).toBe('w6k=')
})
