import { verify } from 'node:crypto'
import { callbackText } from '../../../local/oss/callback/send'
import { combineCrc64, startCrc64 } from '../../../local/oss/store/crc64'

describe('CRC-64', () => {
  it.each([
    ['', '0'],
    ['123456789', '11051210869376104954'],
    ['hello world', '5981764153023615706'],
    ['hello', '11177612005948864433'],
  ])('of %j is %s', async (text, expected) => {
    const crc = await startCrc64()
    crc.update(Buffer.from(text))
    expect(crc.digest()).toBe(expected)
  })

  it('of two pieces follows from theirs', async () => {
    const of = async (text: string) => {
      const crc = await startCrc64()
      crc.update(Buffer.from(text))
      return crc.digest()
    }
    for (const [head, tail] of [
      ['hello', ' world'],
      ['', 'hello'],
      ['hello', ''],
      ['a'.repeat(100_000), 'b'.repeat(70_001)],
    ] as const) {
      const joined = combineCrc64(await of(head), await of(tail), tail.length)
      expect(joined).toBe(await of(head + tail))
    }
  })
})

describe('the callback text', () => {
  // Captured from OSS and published; the key is OSS's.
  const PEM = `-----BEGIN PUBLIC KEY-----
MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKs/JBGzwUB2aVht4crBx3oIPBLNsjGs
C0fTXv+nvlmklvkcolvpvXLTjaxUHR3W9LXxQ2EHXAJfCB+6H2YF1k8CAwEAAQ==
-----END PUBLIC KEY-----
`
  it.each([
    [
      'http://a/index.php?id=1&index=2',
      'bucket=yonghu-test',
      'kKQeGTRccDKyHB3H9vF+xYMSrmhMZjzzl2/kdD1ktNVgbWEfYTQG0G2SU/RaHBovRCE8OkQDjC3uG33esH2txA==',
    ],
    [
      'https://a/3ecb4401-bd1f-4421-a385-46b57f0d6daa',
      '{"bucket":"post-test","object":"42cf77bf-2d25-485a-947c-b9216ee079ee","etag":"97E1A27874032FC4B29F007C90DFA372","size":31,"mimeType":"image/jpeg","imageInfo":null}',
      'eugZUpzNaW3Ba40tGc3IUczSmdwfOKS1fXl6xd+QmOITTUPLwhBw1DBBUwaGuLsKYdCauOcHhGCEVMEObQgThA==',
    ],
  ])('is what OSS signs for %s', (url, body, signature) => {
    expect(verify('md5', callbackText(url, body), PEM, Buffer.from(signature, 'base64'))).toBe(true)
  })
})
