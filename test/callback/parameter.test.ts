import {
  callbackFields,
  callbackWithTicket,
  encodedCallback,
  plainCallback,
} from '../../shared/callback/parameter'
import { refusalOf } from '../support/reason'

const url = 'https://api.example.com/upload-callback'

function decode(base64: string) {
  return JSON.parse(Buffer.from(base64, 'base64').toString())
}

describe('the callback parameter', () => {
  const input = { url, ticket: 'a.b.c' }

  it('names the URL, a JSON body and SNI for https', () => {
    expect(decode(encodedCallback(input).callback)).toEqual({
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
    const body = plainCallback(input).callbackBody.replace(
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
    const variables = [...plainCallback(input).callbackBody.matchAll(/\$\{([^}]+)\}/g)].map(
      ([, name]) => name,
    )
    expect(variables).toEqual(
      expect.arrayContaining([
        ...['bucket', 'object', 'etag', 'size', 'mimeType', 'crc64', 'contentMd5', 'operation'],
        ...['reqId', 'imageInfo.height', 'imageInfo.width', 'imageInfo.format', 'x:ticket'],
      ]),
    )
  })

  it('carries the ticket as a variable in every form', () => {
    expect(decode(encodedCallback(input).callbackVar)).toEqual({ 'x:ticket': 'a.b.c' })
    const { callback } = encodedCallback(input)
    expect(callbackFields(input)).toEqual({ callback, 'x:ticket': 'a.b.c' })
    expect(plainCallback(input).callbackVar).toEqual({ 'x:ticket': 'a.b.c' })
    const { callbackVar: _, ...plain } = plainCallback(input)
    expect(decode(encodedCallback(input).callback)).toEqual(plain)
  })

  it('has the ticket in its body for forms without variables', () => {
    const { callbackVar: _, callbackBody, ...rest } = plainCallback(input)
    expect(decode(callbackWithTicket(input))).toEqual({
      ...rest,
      callbackBody: callbackBody.replace(/\$\{x:ticket\}/, '"a.b.c"'),
    })
  })

  it('with the ticket in its body is refused beyond the 5 KB that OSS allows', async () => {
    const sized = (length: number) => () => callbackWithTicket({ url, ticket: 'x'.repeat(length) })
    const longest = 3840 - Buffer.from(callbackWithTicket({ url, ticket: '' }), 'base64').length
    expect(longest).toBeGreaterThan(3000)
    expect(sized(longest)().length).toBe(5 * 1024)
    expect(await refusalOf(sized(longest + 1))).toMatchObject({
      reason: 'key_invalid',
      facts: { problem: 'it is too long for a ticket' },
    })
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
