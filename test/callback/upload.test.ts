import { type Callback, parseCallback, proveUpload } from '../../shared/callback/upload'
import { Refusal } from '../../shared/errors'
import type { Ticket } from '../../shared/policy/ticket'

const body = {
  bucket: 'demo-bkt',
  object: 'avatars/alice/1.png',
  etag: '5D41402ABC4B2A76B9719D911017C592',
  size: 5,
  mimeType: 'image/png',
  crc64: '11177612005948864433',
  contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
  operation: 'PutObject',
  reqId: '655F0B0C3D8E7B3335A5A5A5',
  imageHeight: 10,
  imageWidth: 20,
  imageFormat: 'png',
  ticket: 'a.b.c',
}

const limits = {
  id: 'id-1',
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  minBytes: 5,
  maxBytes: 5,
  contentTypes: ['image/png'],
  issuedAt: 1_700_000_000,
  expiresAt: 1_700_000_600,
}
const ticket: Ticket = { ...limits, use: 'url', key: 'avatars/alice/1.png' }

function parse(text: string): Callback {
  return parseCallback(Buffer.from(text))
}

function reasonOf(run: () => void): string {
  try {
    run()
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
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

  it('takes null and absence for what only some uploads have', () => {
    const { crc64: _, ...rest } = body
    const none = { contentMd5: null, imageHeight: null, imageWidth: null, imageFormat: null }
    expect(parse(JSON.stringify({ ...rest, ...none }))).toMatchObject(none)
  })

  it.each(['', 'abc', 'null', '[]', '{}', '1', '{"bucket":"demo-bkt"', 'x'.repeat(1_000_000)])(
    'refuses the body %.30j',
    (text) => {
      expect(reasonOf(() => parse(text))).toBe('callback_body')
    },
  )

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
    ['mimeType', null],
    ['mimeType', {}],
    ['ticket', null],
    ['ticket', undefined],
  ])('refuses the %s %j', (name, value) => {
    expect(reasonOf(() => parse(JSON.stringify({ ...body, [name]: value })))).toBe('callback_body')
  })
})

describe('proveUpload', () => {
  function prove(changed: object, granted: object = {}): string {
    return reasonOf(() => proveUpload({ ...body, ...changed }, { ...ticket, ...granted }))
  }

  function provePrefix(object: string): string {
    const granted: Ticket = {
      ...limits,
      use: 'sts',
      prefix: 'documents/alice/',
      contentTypes: ['image/*'],
    }
    return reasonOf(() => proveUpload({ ...body, object }, granted))
  }

  it('proves an upload within its ticket', () => {
    expect(prove({})).toBe('accepted')
  })

  it.each([
    ['bucket', { bucket: 'demo-bku' }],
    ['key', { object: 'avatars/alice/2.png' }],
    ['key with something before', { object: '/avatars/alice/1.png' }],
    ['size above', { size: 6 }],
    ['size below', { size: 4 }],
    ['type', { mimeType: 'image/pnh' }],
    ['type that only starts alike', { mimeType: 'image/pngx' }],
    ['empty type', { mimeType: '' }],
    ['mechanism', { operation: 'PostObject' }],
  ])('refuses another %s', (_, changed) => {
    expect(prove(changed)).toBe('ticket_mismatch')
  })

  it('takes both ends of a size range', () => {
    const granted = { minBytes: 1, maxBytes: 9 }
    expect([0, 1, 9, 10].map((size) => prove({ size }, granted))).toEqual([
      'ticket_mismatch',
      'accepted',
      'accepted',
      'ticket_mismatch',
    ])
  })

  it('takes a granted type with its parameters, and patterns', () => {
    const mimeType = 'text/plain; charset=utf-8'
    expect(prove({ mimeType }, { contentTypes: [mimeType] })).toBe('accepted')
    expect(prove({}, { contentTypes: ['image/*'] })).toBe('accepted')
    expect(prove({ mimeType: 'imagex/png' }, { contentTypes: ['image/*'] })).toBe('ticket_mismatch')
  })

  it('holds a promised MD5 against the checksum, or against the ETag where OSS leaves it out', () => {
    const granted = { contentMd5: body.contentMd5 }
    expect(prove({}, granted)).toBe('accepted')
    expect(prove({ contentMd5: 'XUFAKrxLKna5cZ2REBfFkQ==' }, granted)).toBe('ticket_mismatch')
    expect(prove({ contentMd5: null }, granted)).toBe('accepted')
    expect(prove({ contentMd5: null, etag: body.etag.replace('5', '6') }, granted)).toBe(
      'ticket_mismatch',
    )
  })

  it('takes an operation that is absent or that it does not know', () => {
    expect(prove({ operation: null })).toBe('accepted')
    expect(prove({ operation: 'put' })).toBe('accepted')
  })

  it('proves any key below a prefix and no other', () => {
    expect(provePrefix('documents/alice/a/b.pdf')).toBe('accepted')
    expect(provePrefix('documents/alice/')).toBe('ticket_mismatch')
    expect(provePrefix('documents/alice')).toBe('ticket_mismatch')
    expect(provePrefix('documents/alicia/a')).toBe('ticket_mismatch')
    expect(provePrefix('x/documents/alice/a')).toBe('ticket_mismatch')
  })
})
