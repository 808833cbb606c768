import { type Callback, parseCallback } from '../../shared/callback/body'
import { reasonOf } from '../support/reason'
import { titled } from '../support/titled'
import { BODY as body } from './support/example'

function parse(text: string): Callback {
  return parseCallback(Buffer.from(text))
}

describe('parseCallback', () => {
  it('reads what the template asks for', () => {
    expect(parse(JSON.stringify(body))).toEqual(body)
  })

  it('keeps every digit of a CRC-64 that OSS writes as a number', () => {
    const text = JSON.stringify(body).replace('"11177612005948864433"', '11177612005948864433')
    expect(parse(text).crc64).toBe('11177612005948864433')
  })

  it('leaves a key alone that looks like a CRC-64', () => {
    const object = 'a"crc64":123,b'
    expect(parse(JSON.stringify({ ...body, object }))).toMatchObject({ object, crc64: body.crc64 })
  })

  it('takes null for what only some uploads have', () => {
    const none = { crc64: null, contentMd5: null, reqId: null }
    const image = { imageHeight: null, imageWidth: null, imageFormat: null }
    const given = { ...body, ...none, ...image }
    expect(parse(JSON.stringify(given))).toEqual(given)
  })

  it.each(Object.keys(body))('refuses a body without %s, which our template has', (name) => {
    const given = { ...body, [name]: undefined }
    expect(reasonOf(() => parse(JSON.stringify(given)))).toBe('callback_body')
  })

  it('takes a body of 16 KiB and none of one byte more', () => {
    const text = JSON.stringify(body)
    const fit = text + ' '.repeat(16_384 - text.length)
    expect(reasonOf(() => parse(fit))).toBe('accepted')
    expect(reasonOf(() => parse(`${fit} `))).toBe('callback_body')
  })

  const bodies = ['', 'abc', 'null', '[]', '{}', '1', '{"bucket":"demo-bkt"', 'x'.repeat(1_000_000)]
  it.each(titled(bodies))('refuses the body %s', (_, text) => {
    expect(reasonOf(() => parse(text))).toBe('callback_body')
  })

  it('refuses bytes that are not UTF-8', () => {
    const bytes = Buffer.from(JSON.stringify(body))
    bytes[12] = 0xff
    expect(reasonOf(() => parseCallback(bytes))).toBe('callback_body')
  })

  it.each<[string, unknown]>([
    ['bucket', null],
    ['object', ''],
    ['object', ['avatars/alice/1.png']],
    ['etag', ''],
    ['etag', 1],
    ['size', '5'],
    ['size', -1],
    ['size', 1.5],
    ['size', null],
    ['size', 2 ** 53],
    ['operation', null],
    ['operation', ''],
    ['mimeType', null],
    ['mimeType', {}],
    ['ticket', null],
    ['ticket', undefined],
  ])('refuses the %s %j', (name, value) => {
    expect(reasonOf(() => parse(JSON.stringify({ ...body, [name]: value })))).toBe('callback_body')
  })
})
