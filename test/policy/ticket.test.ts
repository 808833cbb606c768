import { toMetadataDigest } from '../../shared/policy/metadata'
import { signTicket } from '../../shared/policy/signed-ticket'
import {
  TICKET_GRACE_SECONDS,
  type TicketGrant,
  toMultipartTicket,
  toTicket,
} from '../../shared/policy/ticket'
import { KEYS, now, reasonOf, ticket, verify } from './support/tickets'

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
    expect(verify(signTicket(made, KEYS))).toStrictEqual(made)
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
    expect(verify(signTicket(made, KEYS))).toStrictEqual(made)
  })
})

describe('toMultipartTicket', () => {
  const plan = { id: 'id-4', contentLength: 5, partSize: 2, now }

  it('is for the exact size, cut as planned, and lives a day', () => {
    const made = toMultipartTicket(uploadGrant, plan)
    expect(made).toMatchObject({ use: 'multipart', minBytes: 5, maxBytes: 5, partSize: 2 })
    expect([made.issuedAt, made.expiresAt]).toEqual([now, now + 86_400])
    expect(verify(signTicket(made, KEYS), { use: ['multipart'] })).toStrictEqual(made)
  })

  it('keeps the name that the file is saved under, where it has one', () => {
    const named = toMultipartTicket({ ...uploadGrant, filename: 'a.png' }, plan)
    expect(verify(signTicket(named, KEYS), { use: ['multipart'] })).toStrictEqual(named)
    expect(named.filename).toBe('a.png')
    expect(toMultipartTicket(uploadGrant, plan)).not.toHaveProperty('filename')
  })

  it('counts in no other mechanism', () => {
    const text = signTicket(toMultipartTicket(uploadGrant, plan), KEYS)
    expect(reasonOf(text, { use: ['url', 'form', 'sts'] })).toBe('ticket_invalid')
    expect(reasonOf(signTicket(ticket, KEYS), { use: ['multipart'] })).toBe('ticket_invalid')
  })
})
