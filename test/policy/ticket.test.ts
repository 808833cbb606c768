import { createHmac } from 'node:crypto'
import { Refusal } from '../../shared/errors'
import { toMetadataDigest } from '../../shared/policy/metadata'
import {
  MAX_TICKET_CHARACTERS,
  signTicket,
  TICKET_GRACE_SECONDS,
  type Ticket,
  type TicketGrant,
  toMultipartTicket,
  toTicket,
  verifyTicket,
} from '../../shared/policy/ticket'
import { titled } from '../support/titled'

const now = 1_700_000_000
const secrets = ['new-secret-of-32-bytes-xxxxxxxxxx', 'old-secret-of-32-bytes-xxxxxxxxxx']

const ticket: Ticket = {
  id: 'id-1',
  use: 'url',
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/1.png',
  minBytes: 0,
  maxBytes: 5,
  contentTypes: ['image/png'],
  issuedAt: now,
  expiresAt: now + 600,
}

const uploadGrant = {
  kind: 'upload' as const,
  mechanism: 'form' as const,
  rule: 'avatar',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'avatars/alice/1.png',
  contentType: 'image/png',
  minBytes: 1,
  maxBytes: 5,
  contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
  headers: { 'x-oss-object-acl': 'private' },
  expiresAt: now + 600,
}

const prefixGrant: TicketGrant = {
  kind: 'prefix',
  rule: 'documents',
  sub: 'alice',
  bucket: 'demo-bkt',
  prefix: 'documents/alice/',
  contentTypes: ['image/*'],
  minBytes: 0,
  maxBytes: 5,
  expiresAt: now + 900,
}

type Options = Parameters<typeof verifyTicket>[1]

function verify(text: string, changed: Partial<Options> = {}): Ticket {
  return verifyTicket(text, { secrets, now, use: ['url', 'form', 'sts'], ...changed })
}

function reasonOf(text: string, changed: Partial<Options> = {}): string {
  try {
    verify(text, changed)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}

function forge(header: string, payload: string, secret = secrets[0] ?? ''): string {
  const text = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
  return `${text}.${createHmac('sha256', secret).update(text).digest('base64url')}`
}

const payload = Buffer.from(signTicket(ticket, secrets).split('.')[1] ?? '', 'base64url').toString()

describe('a ticket', () => {
  it('comes back as it was signed', () => {
    expect(verify(signTicket(ticket, secrets))).toEqual(ticket)
  })

  it('is a compact JWS that an independent HS256 verifies', () => {
    expect(signTicket(ticket, secrets)).toBe(forge('{"alg":"HS256"}', payload))
  })

  it('is signed by the first secret', () => {
    expect(reasonOf(signTicket(ticket, secrets), { secrets: secrets.slice(0, 1) })).toBe('accepted')
    expect(reasonOf(signTicket(ticket, secrets), { secrets: secrets.slice(1) })).toBe(
      'ticket_invalid',
    )
  })

  it('counts under any of the secrets', () => {
    expect(reasonOf(signTicket(ticket, secrets.slice(1)))).toBe('accepted')
  })

  it('is refused under a stranger secret', () => {
    expect(reasonOf(signTicket(ticket, ['another-secret']))).toBe('ticket_invalid')
  })

  it('is refused when there is no secret at all', () => {
    expect(reasonOf(signTicket(ticket, secrets), { secrets: [] })).toBe('ticket_invalid')
    expect(() => signTicket(ticket, [])).toThrow('secret')
  })

  it('lives to its last second and no longer', () => {
    const text = signTicket(ticket, secrets)
    expect(reasonOf(text, { now: ticket.expiresAt - 1 })).toBe('accepted')
    expect(reasonOf(text, { now: ticket.expiresAt })).toBe('ticket_expired')
  })

  it('is refused as forged when it is forged and expired', () => {
    const text = signTicket({ ...ticket, expiresAt: 1 }, ['another-secret'])
    expect(reasonOf(text)).toBe('ticket_invalid')
  })

  it('is refused in another mechanism', () => {
    expect(reasonOf(signTicket(ticket, secrets), { use: ['form', 'sts'] })).toBe('ticket_invalid')
  })

  it('is refused with any one byte flipped', () => {
    const text = signTicket(ticket, secrets)
    for (let index = 0; index < text.length; index++) {
      const flipped = String.fromCharCode(text.charCodeAt(index) ^ 1)
      const changed = text.slice(0, index) + flipped + text.slice(index + 1)
      expect(reasonOf(changed)).toBe('ticket_invalid')
    }
  })

  it.each(
    titled([
      '',
      '.',
      '..',
      'abc',
      'a.b.c',
      `${signTicket(ticket, secrets)}.`,
      `${signTicket(ticket, secrets)}=`,
      signTicket(ticket, secrets).split('.').slice(0, 2).join('.'),
      'x'.repeat(1_000_000),
    ]),
  )('is refused as %s', (_, text) => {
    expect(reasonOf(text)).toBe('ticket_invalid')
  })

  it.each([
    '{"alg":"none"}',
    '{"alg":"HS512"}',
    '{"alg":"HS256","crit":["b64"]}',
    '{"alg": "HS256"}',
  ])('is refused with the header %s', (header) => {
    expect(reasonOf(forge(header, payload))).toBe('ticket_invalid')
  })

  it.each<[string, object]>([
    ['no id', { jti: undefined }],
    ['an unknown use', { use: 'callback' }],
    ['no key', { key: undefined }],
    ['a key and a prefix', { pfx: 'a/' }],
    ['a prefix where a key is due', { key: undefined, pfx: 'a/' }],
    ['a text size', { max: '5' }],
    ['a negative size', { min: -1 }],
    ['a fractional size', { max: 1.5 }],
    ['no expiry', { exp: undefined }],
    ['no time of issue', { iat: undefined }],
    ['a time of issue that is text', { iat: '1700000000' }],
    ['a key and a prefix for STS', { use: 'sts', pfx: 'a/' }],
    ['a key where a prefix is due', { use: 'sts' }],
    ['neither for STS', { use: 'sts', key: undefined }],
    ['an unknown member', { more: 1 }],
    ['parts where there are none', { prt: 8 }],
    ['no parts where they are due', { use: 'multipart' }],
  ])('is refused with %s, although the signature is right', (_, changed) => {
    const wrong = JSON.stringify({ ...JSON.parse(payload), ...changed })
    expect(reasonOf(forge('{"alg":"HS256"}', wrong))).toBe('ticket_invalid')
  })

  it.each(['null', '[]', '1', 'abc', ''])('is refused with the payload %j', (text) => {
    expect(reasonOf(forge('{"alg":"HS256"}', text))).toBe('ticket_invalid')
  })

  it('is refused when it is longer than any that we sign, although the signature is right', () => {
    const long = JSON.stringify({ ...JSON.parse(payload), sub: 'a'.repeat(3000) })
    expect(reasonOf(forge('{"alg":"HS256"}', long))).toBe('ticket_invalid')
  })

  it('fits callback-var at its longest, and one byte more is refused when it is signed', () => {
    const sign = (length: number) => signTicket({ ...ticket, sub: 'a'.repeat(length) }, secrets)
    const longest = longestOf(sign)
    const text = sign(longest)
    expect(text.length).toBeGreaterThan(MAX_TICKET_CHARACTERS - 4)
    expect(reasonOf(text)).toBe('accepted')
    const callbackVar = Buffer.from(JSON.stringify({ 'x:ticket': text })).toString('base64')
    expect(callbackVar.length).toBeLessThanOrEqual(5 * 1024)
    const refused = () => sign(longest + 1)
    expect(refused).toThrow(Refusal)
    expect(refused).toThrow(
      expect.objectContaining({
        reason: 'key_invalid',
        facts: { problem: 'it is too long to be proven later' },
      }),
    )
  })

  it('fits with the longest key and a long subject', () => {
    const long = { ...ticket, key: '报'.repeat(341), sub: 'a'.repeat(255) }
    expect(signTicket(long, secrets).length).toBeLessThan(2500)
  })
})

function longestOf(sign: (length: number) => string): number {
  let length = 1
  for (let step = 2048; step >= 1; step /= 2) {
    try {
      sign(length + step)
      length += step
    } catch {
      // Too long: the next, smaller step is tried.
    }
  }
  return length
}

describe('toTicket', () => {
  it('takes an upload grant with its exact key, type and checksum', () => {
    expect(toTicket(uploadGrant, { id: 'id-2', now })).toStrictEqual({
      id: 'id-2',
      use: 'form',
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      key: 'avatars/alice/1.png',
      minBytes: 1,
      maxBytes: 5,
      contentTypes: ['image/png'],
      contentMd5: 'XUFAKrxLKna5cZ2REBfFkg==',
      issuedAt: now,
      expiresAt: uploadGrant.expiresAt + TICKET_GRACE_SECONDS,
    })
  })

  it('keeps a digest of the user metadata, in whatever order, and none of no metadata', () => {
    const digestOf = (headers: Record<string, string>) =>
      toTicket({ ...uploadGrant, headers }, { id: 'id-2', now }).metadataDigest
    const both = { 'x-oss-meta-a': '1', 'x-oss-meta-b': '2' }
    expect(digestOf(both)).toBe(digestOf({ 'x-oss-meta-b': '2', 'x-oss-meta-a': '1' }))
    expect(digestOf(both)).toBe(toMetadataDigest({ a: '1', b: '2' }))
    expect(digestOf({ ...both, 'x-oss-meta-b': '3' })).not.toBe(digestOf(both))
    const made = toTicket({ ...uploadGrant, headers: both }, { id: 'id-2', now })
    expect(verify(signTicket(made, secrets))).toStrictEqual(made)
  })

  it('is for the exact size alone where the caller named it', () => {
    const made = toTicket({ ...uploadGrant, contentLength: 3 }, { id: 'id-2', now })
    expect([made.minBytes, made.maxBytes]).toEqual([3, 3])
  })

  it('takes a prefix grant with its prefix and patterns', () => {
    const made = toTicket(prefixGrant, { id: 'id-3', now })
    expect(made).toMatchObject({
      use: 'sts',
      prefix: 'documents/alice/',
      contentTypes: ['image/*'],
      issuedAt: now,
    })
    expect(verify(signTicket(made, secrets))).toStrictEqual(made)
  })
})

describe('toMultipartTicket', () => {
  const plan = { id: 'id-4', contentLength: 5, partSize: 2, now }

  it('is for the exact size, cut as planned, and lives a day', () => {
    const made = toMultipartTicket(uploadGrant, plan)
    expect(made).toMatchObject({ use: 'multipart', minBytes: 5, maxBytes: 5, partSize: 2 })
    expect([made.issuedAt, made.expiresAt]).toEqual([now, now + 86_400])
    expect(verify(signTicket(made, secrets), { use: ['multipart'] })).toStrictEqual(made)
  })

  it('counts in no other mechanism', () => {
    const text = signTicket(toMultipartTicket(uploadGrant, plan), secrets)
    expect(reasonOf(text, { use: ['url', 'form', 'sts'] })).toBe('ticket_invalid')
    expect(reasonOf(signTicket(ticket, secrets), { use: ['multipart'] })).toBe('ticket_invalid')
  })
})
