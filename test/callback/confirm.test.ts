import type { Callback } from '../../shared/callback/body'
import { CLOCK_SKEW_SECONDS, confirmUpload } from '../../shared/callback/confirm'
import type { StoredObject } from '../../shared/callback/stored-object'
import { Refusal } from '../../shared/errors'
import type { IncomingResponse, OutgoingRequest, Send } from '../../shared/http/message'
import { BODY } from './support/example'

const callback: Callback = { ...BODY, object: 'avatars/alice/报告 1.png' }

const headers: Record<string, string> = {
  'content-length': '5',
  'content-type': 'image/png',
  etag: '"5D41402ABC4B2A76B9719D911017C592"',
  'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
  'x-oss-hash-crc64ecma': '11177612005948864433',
  'x-oss-meta-colour': 'blue',
}

type Answer = { status: number; headers?: Record<string, string | undefined> } | Error

function sending(answers: Answer[]): { send: Send; sent: OutgoingRequest[] } {
  const sent: OutgoingRequest[] = []
  const send: Send = async (request) => {
    const answer = answers[sent.length]
    sent.push(request)
    if (!answer || answer instanceof Error) throw answer ?? new Error('One request too many')
    const response = { ...headers, ...answer.headers } as IncomingResponse['headers']
    return { status: answer.status, headers: response, body: Buffer.alloc(0) }
  }
  return { send, sent }
}

function confirm(
  send: Send,
  changed: Partial<Callback> = {},
  issuedAt = 1_700_000_000,
): Promise<StoredObject> {
  return confirmUpload(
    { ...callback, ...changed },
    { issuedAt },
    {
      target: {
        bucket: 'demo-bkt',
        region: 'cn-hangzhou',
        endpoint: 'https://oss-cn-hangzhou-internal.aliyuncs.com',
        addressing: 'virtual-hosted',
      },
      credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' },
      now: 1_700_000_000,
      send,
    },
  )
}

async function outcome(
  answers: Answer[],
  changed: Partial<Callback> = {},
  issuedAt?: number,
): Promise<string> {
  return confirm(sending(answers).send, changed, issuedAt).then(
    () => 'confirmed',
    (error: unknown) => {
      if (error instanceof Refusal) return error.reason
      throw error
    },
  )
}

describe('confirmUpload', () => {
  it('returns the object as OSS stores it', async () => {
    expect(await confirm(sending([{ status: 200 }]).send)).toEqual({
      size: 5,
      etag: '5D41402ABC4B2A76B9719D911017C592',
      contentType: 'image/png',
      lastModified: 1_700_000_000,
      crc64: '11177612005948864433',
      headers: { 'x-oss-storage-class': 'Standard' },
      metadata: { colour: 'blue' },
    })
  })

  it('asks with a signed HEAD, within a second and 16 KiB', async () => {
    const { send, sent } = sending([{ status: 200 }])
    await confirm(send)
    expect(sent).toEqual([
      {
        method: 'HEAD',
        url: 'https://demo-bkt.oss-cn-hangzhou-internal.aliyuncs.com/avatars/alice/%E6%8A%A5%E5%91%8A%201.png',
        headers: {
          authorization: expect.stringMatching(/^OSS4-HMAC-SHA256 Credential=STS\.a\/20231114\//),
          'x-oss-content-sha256': 'UNSIGNED-PAYLOAD',
          'x-oss-date': '20231114T221320Z',
          'x-oss-security-token': 't',
        },
        timeoutMs: 1000,
        maxBytes: 16_384,
      },
    ])
  })

  it.each<[string, Partial<Callback>]>([
    ['size', { size: 6 }],
    ['ETag', { etag: '5D41402ABC4B2A76B9719D911017C593' }],
    ['content type', { mimeType: 'image/jpeg' }],
    ['CRC-64', { crc64: '11177612005948864434' }],
  ])('refuses another %s', async (_, changed) => {
    expect(await outcome([{ status: 200 }], changed)).toBe('object_mismatch')
  })

  it('refuses an object that is older than its ticket, but for what clocks may differ', async () => {
    const latest = 1_700_000_000 + CLOCK_SKEW_SECONDS
    const issued = [1_699_999_000, 1_700_000_000, latest, latest + 1]
    const outcomes = issued.map((issuedAt) => outcome([{ status: 200 }], {}, issuedAt))
    expect(await Promise.all(outcomes)).toEqual([
      ...['confirmed', 'confirmed', 'confirmed', 'object_mismatch'],
    ])
  })

  it('takes a quoted ETag and a missing CRC-64 in the callback', async () => {
    expect(await outcome([{ status: 200 }], { etag: headers.etag ?? '', crc64: null })).toBe(
      'confirmed',
    )
  })

  it('refuses an object that is not there', async () => {
    expect(await outcome([{ status: 404 }])).toBe('object_mismatch')
  })

  it('refuses a symbolic link, which leads to bytes of someone else', async () => {
    const typed = (type: string) => [{ status: 200, headers: { 'x-oss-object-type': type } }]
    expect(await outcome(typed('Symlink'))).toBe('object_mismatch')
    expect(await outcome(typed('Normal'))).toBe('confirmed')
  })

  it.each([301, 304, 400, 403, 412])('refuses when OSS answers %d', async (status) => {
    expect(await outcome([{ status }])).toBe('object_unavailable')
  })

  it.each([500, 503])('tries once more after a %d, and only once', async (status) => {
    expect(await outcome([{ status }, { status: 200 }])).toBe('confirmed')
    expect(await outcome([{ status }, { status }, { status: 200 }])).toBe('object_unavailable')
  })

  it('refuses when no answer comes, and keeps the cause', async () => {
    const cause = new Error('No complete response within 1000 ms')
    const refusal = { reason: 'object_unavailable', cause }
    await expect(confirm(sending([cause]).send)).rejects.toMatchObject(refusal)
  })

  it('takes an object without a content type as one whose type is empty', async () => {
    const { send } = sending([{ status: 200, headers: { 'content-type': undefined } }])
    expect(await confirm(send, { mimeType: '' })).toMatchObject({ contentType: '' })
  })

  it.each(['content-length', 'etag', 'last-modified'])(
    'refuses an answer without %s',
    async (name) => {
      expect(await outcome([{ status: 200, headers: { [name]: undefined } }])).toBe(
        'object_unavailable',
      )
    },
  )

  it.each(['abc', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'refuses an answer that was last modified: %s',
    async (time) => {
      expect(await outcome([{ status: 200, headers: { 'last-modified': time } }], {}, 0)).toBe(
        'object_unavailable',
      )
    },
  )

  it.each(['abc', '-1', 'NaN', '1.5'])('refuses an answer of the length %s', async (length) => {
    expect(await outcome([{ status: 200, headers: { 'content-length': length } }])).toBe(
      'object_unavailable',
    )
  })
})
