import { assertAllowed, assertDenied } from '../../../local/testing/testing'
import rules from '../../../rules'

const PRO = { sub: 'alice', claims: { plan: 'pro' } }
const FREE = { sub: 'bob', claims: { plan: 'free' } }
const AVATAR = {
  operation: 'put',
  rule: 'avatar',
  filename: 'me.png',
  contentType: 'image/png',
  contentLength: 5,
} as const
const STS = { operation: 'sts', rule: 'documents', access: 'write' } as const
const FORM = {
  operation: 'form',
  rule: 'avatar',
  filename: 'a.png',
  contentType: 'image/png',
} as const

test('resolve to what is granted', async () => {
  expect(await assertAllowed(PRO, AVATAR, rules)).toMatchObject({
    key: expect.stringMatching(/^avatars\/alice\/.*\.png$/),
  })
  expect(await assertAllowed(PRO, FORM, rules)).toMatchObject({ mechanism: 'form' })
  expect(await assertAllowed(PRO, STS, rules)).toMatchObject({ prefix: 'documents/alice/' })
})

test('resolve to the code of the problem', async () => {
  expect(await assertDenied(FREE, STS, rules)).toBe('not_allowed')
  expect(await assertDenied(PRO, { ...AVATAR, contentType: 'text/html' }, rules)).toBe(
    'file_type_not_allowed',
  )
  expect(await assertDenied(PRO, { ...AVATAR, contentLength: -1 }, rules)).toBe('invalid_request')
  expect(await assertDenied(PRO, { ...AVATAR, filename: '../a.png' }, rules)).toBe('invalid_key')
})

test('reject with what is granted, or why it is not', async () => {
  await expect(assertDenied(PRO, STS, rules)).rejects.toThrow(
    'sts by alice under the rule documents is allowed, for documents/alice/*',
  )
  await expect(assertAllowed(FREE, STS, rules)).rejects.toThrow(
    'sts by bob under the rule documents is refused: not_allowed (caller_not_allowed)',
  )
  await expect(assertAllowed(PRO, { ...AVATAR, contentLength: -1 }, rules)).rejects.toThrow(
    'invalid_request (request_malformed), contentLength must be at least 0',
  )
})
