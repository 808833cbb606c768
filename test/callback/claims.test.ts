import { checkClaims } from '../../shared/callback/claims'
import type { Ticket } from '../../shared/policy/ticket'
import { reasonOf } from '../support/reason'
import { BODY as body } from './support/example'

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

describe('checkClaims', () => {
  function prove(changed: object, granted: object = {}): string {
    return reasonOf(() => checkClaims({ ...body, ...changed }, { ...ticket, ...granted }))
  }

  function provePrefix(object: string): string {
    const granted: Ticket = {
      ...limits,
      use: 'sts',
      prefix: 'documents/alice/',
      contentTypes: ['image/*'],
    }
    return reasonOf(() => checkClaims({ ...body, object }, granted))
  }

  it('proves an upload within its ticket', () => {
    expect(prove({})).toBe('accepted')
  })

  it.each([
    ['bucket', { bucket: 'demo-bku' }],
    ['key', { object: 'avatars/alice/2.png' }],
    ['key with something before', { object: '/avatars/alice/1.png' }],
    ['mechanism', { operation: 'PostObject' }],
  ])('refuses another %s', (_, changed) => {
    expect(prove(changed)).toBe('ticket_mismatch')
  })

  it.each([
    ['size above', { size: 6 }, 'upload_size'],
    ['size below', { size: 4 }, 'upload_size'],
    ['type', { mimeType: 'image/pnh' }, 'upload_type'],
    ['type that only starts alike', { mimeType: 'image/pngx' }, 'upload_type'],
    ['empty type', { mimeType: '' }, 'upload_type'],
  ])('refuses another %s', (_, changed, reason) => {
    expect(prove(changed)).toBe(reason)
  })

  it('takes both ends of a size range', () => {
    const granted = { minBytes: 1, maxBytes: 9 }
    expect([0, 1, 9, 10].map((size) => prove({ size }, granted))).toEqual([
      'upload_size',
      'accepted',
      'accepted',
      'upload_size',
    ])
  })

  it('takes a granted type with its parameters, and patterns', () => {
    const mimeType = 'text/plain; charset=utf-8'
    expect(prove({ mimeType }, { contentTypes: [mimeType] })).toBe('accepted')
    expect(prove({}, { contentTypes: ['image/*'] })).toBe('accepted')
    expect(prove({ mimeType: 'imagex/png' }, { contentTypes: ['image/*'] })).toBe('upload_type')
  })

  it('takes an operation that it does not know', () => {
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
