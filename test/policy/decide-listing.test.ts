// Covers shared/policy/permit-list.ts and shared/policy/permit-delete.ts.
import { decide } from '../../shared/policy/decide'
import { ALICE, CONTEXT, NOW, refusal, withRule } from './support/example'

const KEY = 'avatars/{sub}/{path}'
const LIST = { operation: 'list', rule: 'avatar' } as const
const DELETE = { operation: 'delete', rule: 'avatar', key: 'avatars/alice/me.png' } as const

describe('a listing', () => {
  const context = withRule({ key: KEY, upload: {}, list: { ttlSeconds: 240 } })

  test("is granted for a page of the caller's own folder", async () => {
    expect(await decide(ALICE, LIST, context)).toStrictEqual({
      kind: 'list',
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      prefix: 'avatars/alice/',
      limit: 100,
      expiresAt: NOW + 240,
    })
  })

  test('is granted for a folder in it, after a name, with a limit', async () => {
    const request = { ...LIST, path: 'a/b', after: 'avatars/alice/a/b/c', limit: 7 }
    expect(await decide(ALICE, request, context)).toMatchObject({
      prefix: 'avatars/alice/a/b/',
      after: 'avatars/alice/a/b/c',
      limit: 7,
    })
  })

  test("is of the rule's own bucket", async () => {
    const own = withRule({ key: KEY, bucket: 'own-bkt', upload: {}, list: {} })
    expect(await decide(ALICE, LIST, own)).toMatchObject({ bucket: 'own-bkt' })
  })

  test('is refused by a rule without list', async () => {
    const without = withRule({ key: KEY, upload: {}, download: {} })
    expect(await refusal(LIST, without)).toMatchObject({ reason: 'operation_not_allowed' })
  })
})

describe('a deletion', () => {
  const context = withRule({ key: KEY, upload: {}, remove: { ttlSeconds: 90 } })

  test("is granted for the caller's own key", async () => {
    expect(await decide(ALICE, DELETE, context)).toStrictEqual({
      kind: 'delete',
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      key: 'avatars/alice/me.png',
      expiresAt: NOW + 90,
    })
  })

  test("is of the rule's own bucket", async () => {
    const own = withRule({ key: KEY, bucket: 'own-bkt', upload: {}, remove: {} })
    expect(await decide(ALICE, DELETE, own)).toMatchObject({ bucket: 'own-bkt' })
  })

  test.each(['avatars/bob/me.png', 'avatars/alicee/me.png', 'others/alice/me.png'])(
    'is refused for %s',
    async (key) => {
      expect(await refusal({ ...DELETE, key }, context)).toMatchObject({
        reason: 'key_outside_prefix',
      })
    },
  )

  test('is refused by a rule without remove', async () => {
    expect(await refusal(DELETE, CONTEXT)).toMatchObject({ reason: 'operation_not_allowed' })
  })
})
