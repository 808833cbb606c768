import { callbackFields, encodedCallback, plainCallback } from '../../shared/callback/parameter'

const url = 'https://api.example.com/upload-callback'

function decode(base64: string) {
  return JSON.parse(Buffer.from(base64, 'base64').toString())
}

describe('the callback parameter', () => {
  const order = { url, ticket: 'a.b.c' }

  it('names the URL, a JSON body and SNI for https', () => {
    expect(decode(encodedCallback(order).callback)).toEqual({
      callbackUrl: url,
      callbackBody: expect.any(String),
      callbackBodyType: 'application/json',
      callbackSNI: true,
    })
  })

  it('asks for no SNI on a plain URL', () => {
    const local = { url: 'http://localhost:9000/upload-callback', ticket: 't' }
    expect(decode(encodedCallback(local).callback)).not.toHaveProperty('callbackSNI')
  })

  it('makes a JSON document of the substituted body, text quoted by OSS and absent values null', () => {
    const values: Record<string, string> = { size: '5', 'imageInfo.width': '10', bucket: '"demo"' }
    const body = plainCallback(order).callbackBody.replace(
      /\$\{([^}]+)\}/g,
      (_, name: string) => values[name] ?? 'null',
    )
    expect(JSON.parse(body)).toMatchObject({
      bucket: 'demo',
      size: 5,
      imageWidth: 10,
      ticket: null,
    })
  })

  it('asks for everything that a proof needs', () => {
    const asked = [...plainCallback(order).callbackBody.matchAll(/\$\{([^}]+)\}/g)].map(
      ([, name]) => name,
    )
    expect(asked).toEqual(
      expect.arrayContaining([
        ...['bucket', 'object', 'etag', 'size', 'mimeType', 'crc64', 'contentMd5', 'operation'],
        ...['reqId', 'imageInfo.height', 'imageInfo.width', 'imageInfo.format', 'x:ticket'],
      ]),
    )
  })

  it('carries the ticket as a variable in every form', () => {
    expect(decode(encodedCallback(order).callbackVar)).toEqual({ 'x:ticket': 'a.b.c' })
    const { callback } = encodedCallback(order)
    expect(callbackFields(order)).toEqual({ callback, 'x:ticket': 'a.b.c' })
    expect(plainCallback(order).callbackVar).toEqual({ 'x:ticket': 'a.b.c' })
    const { callbackVar: _, ...plain } = plainCallback(order)
    expect(decode(encodedCallback(order).callback)).toEqual(plain)
  })

  it('keeps each encoded part within the 5 KB that OSS allows, with the longest ticket', () => {
    const { callback, callbackVar } = encodedCallback({
      url,
      ticket: 'x'.repeat(3700),
    })
    expect(callback.length).toBeLessThanOrEqual(5 * 1024)
    expect(callbackVar.length).toBeLessThanOrEqual(5 * 1024)
  })
})
