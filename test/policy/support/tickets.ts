import { Refusal } from '../../../shared/errors'
import { verifyTicket } from '../../../shared/policy/signed-ticket'
import type { Ticket } from '../../../shared/policy/ticket'

export const now = 1_700_000_000
export const secrets = ['new-secret-of-32-bytes-xxxxxxxxxx', 'old-secret-of-32-bytes-xxxxxxxxxx']

export const KEYS = { secrets, audience: 'https://upload.example.com/upload-callback' }

/** A good ticket; each test changes one thing. */
export const ticket: Ticket = {
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

type Options = Parameters<typeof verifyTicket>[1]

/** Verifies a ticket of any mechanism but uploads in parts, unless told otherwise. */
export function verify(text: string, changed: Partial<Options> = {}): Ticket {
  return verifyTicket(text, { ...KEYS, now, use: ['url', 'form', 'sts'], ...changed })
}

/** Returns the reason of the refusal, or `accepted`. */
export function reasonOf(text: string, changed: Partial<Options> = {}): string {
  try {
    verify(text, changed)
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
  return 'accepted'
}
