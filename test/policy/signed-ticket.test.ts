import { createHmac } from 'node:crypto'
import { Refusal } from '../../shared/errors'
import { MAX_TICKET_CHARACTERS, signTicket } from '../../shared/policy/signed-ticket'
import { titled } from '../support/titled'
import { KEYS, reasonOf, secrets, ticket, verify } from './support/tickets'

const HEADER = '{"alg":"HS256","typ":"ticket+jwt"}'

function keyOf(secret: string): Buffer {
  return createHmac('sha256', secret).update('oss-direct upload ticket 2').digest()
}

function forge(header: string, payload: string, secret = secrets[0] ?? ''): string {
  const text = [header, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
  return `${text}.${createHmac('sha256', keyOf(secret)).update(text).digest('base64url')}`
}

const payload = Buffer.from(signTicket(ticket, KEYS).split('.')[1] ?? '', 'base64url').toString()

describe('a ticket', () => {
  it('comes back as it was signed', () => {
    expect(verify(signTicket(ticket, KEYS))).toEqual(ticket)
  })

  it('is a compact JWS that an independent HS256 verifies', () => {
    expect(signTicket(ticket, KEYS)).toBe(forge(HEADER, payload))
  })

  it('is signed by the first secret', () => {
    expect(reasonOf(signTicket(ticket, KEYS), { secrets: secrets.slice(0, 1) })).toBe('accepted')
    expect(reasonOf(signTicket(ticket, KEYS), { secrets: secrets.slice(1) })).toBe('ticket_invalid')
  })

  it('counts under any of the secrets', () => {
    expect(reasonOf(signTicket(ticket, { ...KEYS, secrets: secrets.slice(1) }))).toBe('accepted')
  })

  it('is refused under a stranger secret', () => {
    expect(reasonOf(signTicket(ticket, { ...KEYS, secrets: ['another-secret'] }))).toBe(
      'ticket_invalid',
    )
  })

  it('is refused under the secret itself, from which its key is derived', () => {
    const text = [HEADER, payload].map((part) => Buffer.from(part).toString('base64url')).join('.')
    const signature = createHmac('sha256', secrets[0] ?? '')
      .update(text)
      .digest('base64url')
    expect(reasonOf(`${text}.${signature}`)).toBe('ticket_invalid')
  })

  it('is refused in another deployment with the same secrets', () => {
    const text = signTicket(ticket, KEYS)
    const audience = 'https://staging.example.com/upload-callback'
    expect(reasonOf(text, { audience })).toBe('ticket_invalid')
    expect(reasonOf(signTicket(ticket, { ...KEYS, audience }), { audience })).toBe('accepted')
  })

  it('for a prefix is one of STS or of a form', () => {
    const { key: _, ...rest } = ticket as typeof ticket & { key: string }
    for (const use of ['sts', 'form'] as const) {
      const open = { ...rest, use, prefix: 'avatars/alice/' }
      expect(verify(signTicket(open, KEYS))).toEqual(open)
    }
    for (const use of ['url', 'multipart'] as const) {
      const text = signTicket({ ...rest, use, prefix: 'avatars/alice/' }, KEYS)
      expect(reasonOf(text, { use: ['url', 'multipart'] })).toBe('ticket_invalid')
    }
  })

  it('is refused when there is no secret at all', () => {
    expect(reasonOf(signTicket(ticket, KEYS), { secrets: [] })).toBe('ticket_invalid')
    expect(() => signTicket(ticket, { ...KEYS, secrets: [] })).toThrow('secret')
  })

  it('lives to its last second and no longer', () => {
    const text = signTicket(ticket, KEYS)
    expect(reasonOf(text, { now: ticket.expiresAt - 1 })).toBe('accepted')
    expect(reasonOf(text, { now: ticket.expiresAt })).toBe('ticket_expired')
  })

  it('is refused as forged when it is forged and expired', () => {
    const text = signTicket({ ...ticket, expiresAt: 1 }, { ...KEYS, secrets: ['another-secret'] })
    expect(reasonOf(text)).toBe('ticket_invalid')
  })

  it('is refused in another mechanism', () => {
    expect(reasonOf(signTicket(ticket, KEYS), { use: ['form', 'sts'] })).toBe('ticket_invalid')
  })

  it('is refused with any one byte flipped', () => {
    const text = signTicket(ticket, KEYS)
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
      `${signTicket(ticket, KEYS)}.`,
      `${signTicket(ticket, KEYS)}=`,
      signTicket(ticket, KEYS).split('.').slice(0, 2).join('.'),
      'x'.repeat(1_000_000),
    ]),
  )('is refused as %s', (_, text) => {
    expect(reasonOf(text)).toBe('ticket_invalid')
  })

  it.each([
    '{"alg":"none"}',
    '{"alg":"HS512"}',
    '{"alg":"HS256"}',
    '{"alg":"HS256","typ":"JWT"}',
    '{"alg":"HS256","typ":"ticket+jwt","crit":["b64"]}',
    '{"alg": "HS256","typ":"ticket+jwt"}',
  ])('is refused with the header %s', (header) => {
    expect(reasonOf(forge(header, payload))).toBe('ticket_invalid')
  })

  it.each<[string, object]>([
    ['no id', { jti: undefined }],
    ['no audience', { aud: undefined }],
    ['another audience', { aud: 'x'.repeat(22) }],
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
    ['a key and a prefix for a form', { use: 'form', pfx: 'a/' }],
    ['neither for a form', { use: 'form', key: undefined }],
    ['a key where a prefix is due', { use: 'sts' }],
    ['neither for STS', { use: 'sts', key: undefined }],
    ['an unknown member', { more: 1 }],
    ['parts where there are none', { prt: 8 }],
    ['no parts where they are due', { use: 'multipart' }],
  ])('is refused with %s, although the signature is right', (_, changed) => {
    const wrong = JSON.stringify({ ...JSON.parse(payload), ...changed })
    expect(reasonOf(forge(HEADER, wrong))).toBe('ticket_invalid')
  })

  it.each(['null', '[]', '1', 'abc', ''])('is refused with the payload %j', (text) => {
    expect(reasonOf(forge(HEADER, text))).toBe('ticket_invalid')
  })

  it('is refused when it is longer than any that we sign, although the signature is right', () => {
    const long = JSON.stringify({ ...JSON.parse(payload), sub: 'a'.repeat(3000) })
    expect(reasonOf(forge(HEADER, long))).toBe('ticket_invalid')
  })

  it('fits callback-var at its longest, and one byte more is refused when it is signed', () => {
    const sign = (length: number) => signTicket({ ...ticket, sub: 'a'.repeat(length) }, KEYS)
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
        facts: { problem: 'it is too long for a ticket' },
      }),
    )
  })

  it('fits with the longest key and a long subject', () => {
    const long = { ...ticket, key: '报'.repeat(341), sub: 'a'.repeat(255) }
    expect(signTicket(long, KEYS).length).toBeLessThan(2500)
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
