import { maskHeaders, maskText } from '../../local/mask'

const ticket = `eyJhbGciOiJIUzI1NiJ9.eyJrZXkiOiJhIn0.${'s'.repeat(43)}`
const base64 = (text: string) => Buffer.from(text).toString('base64')
const masked = ticket.replace(/s{43}/, '…')

describe('maskText', () => {
  it.each([
    [`a ${ticket} b`, `a ${masked} b`],
    ['a?x-oss-signature=12&b=1', 'a?x-oss-signature=…&b=1'],
    ['Signature%3Dab%2Fc&x', 'Signature%3D…&x'],
    ['security-token=a%2Bb&c', 'security-token=…&c'],
    ['a:1\nx-oss-security-token:CAIS+/=\nb:2', 'a:1\nx-oss-security-token:…\nb:2'],
    ['["eq","$x-oss-security-token","CAIS"]', '["eq","$x-oss-security-token","…"]'],
    ['{"x-oss-security-token": "CAIS"}', '{"x-oss-security-token": "…"}'],
    ['x-oss-signature-version=OSS4-HMAC-SHA256', 'x-oss-signature-version=OSS4-HMAC-SHA256'],
  ])('%s', (text, expected) => {
    expect(maskText(text)).toBe(expected)
  })

  it.each([ticket, 'a?x-oss-signature=12&b=1', 'security-token=abc'])(
    'finds it in JSON in base64, also twice and with percent signs: %s',
    (text) => {
      const pack = (value: string) => base64(JSON.stringify({ value }))
      const [once, twice] = [pack(text), pack(pack(text))]
      expect(maskText(`x=${once}&`)).toBe(`x=${pack(maskText(text))}&`)
      const query = `x=${encodeURIComponent(twice)}&`
      expect(decodeURIComponent(maskText(query))).toBe(`x=${pack(pack(maskText(text)))}&`)
      expect(maskText(query)).not.toContain('+')
    },
  )
})

it('leaves other text and other base64 as it is', () => {
  const plain = [
    base64('{"callbackUrl":"http://localhost/a"}'),
    base64('x'.repeat(60)),
    '%7B'.repeat(9),
  ]
  expect(plain.map(maskText)).toEqual(plain)
})

it('masks the headers that prove who asks, whatever is in them', () => {
  const headers = {
    Authorization: 'OSS a:b',
    'X-Oss-Security-Token': 'c',
    'Content-Length': 5,
    a: ticket,
  }
  expect(maskHeaders(headers)).toEqual({
    ...{ Authorization: '…', 'X-Oss-Security-Token': '…' },
    ...{ 'Content-Length': '5', a: masked },
  })
})
