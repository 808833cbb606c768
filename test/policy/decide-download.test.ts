// Covers shared/policy/permit-download.ts.
import { decide } from '../../shared/policy/decide'
import type { CallerRequest } from '../../shared/rules/requests'
import { ALICE, CONTEXT, GET, NOW, refusal, UUID, withRule } from './support/example'

describe('a download', () => {
  test.each([
    ['get', 'GET'],
    ['head', 'HEAD'],
  ] as const)('is granted for %s', async (operation, method) => {
    expect(await decide(ALICE, { ...GET, operation }, CONTEXT)).toStrictEqual({
      kind: 'download',
      method,
      rule: 'avatar',
      sub: 'alice',
      bucket: 'demo-bkt',
      key: GET.key,
      as: 'inline',
      downloadName: `${UUID}.png`,
      stable: false,
      expiresAt: NOW + 300,
    })
  })

  test('keeps how the caller wants it', async () => {
    const wish = { ...GET, as: 'attachment', downloadName: '我的.png' } as const
    expect(await decide(ALICE, wish, CONTEXT)).toMatchObject({
      as: 'attachment',
      downloadName: '我的.png',
    })
  })

  test.each([
    [{}, 'inline'],
    [{ as: 'attachment' }, 'attachment'],
    [{ downloadName: 'x.png' }, 'attachment'],
    [{ downloadName: 'x.png', as: 'inline' }, 'inline'],
  ] as const)('of what runs nothing, with %j, comes %s', async (change, as) => {
    expect(await decide(ALICE, { ...GET, ...change }, CONTEXT)).toMatchObject({ as })
  })

  test('of what could run comes as a file, however it is asked for', async () => {
    const context = withRule({ key: 'avatars/{sub}/{path}', upload: {}, download: {} })
    for (const change of [{}, { as: 'inline' }, { as: 'inline', downloadName: 'x.png' }] as const) {
      expect(await decide(ALICE, { ...GET, ...change }, context)).toMatchObject({
        as: 'attachment',
      })
    }
  })

  test('comes as the file that the rule stores', async () => {
    const upload = { contentTypes: ['image/png'], contentDisposition: 'Attachment; filename="a"' }
    const context = withRule({ key: 'avatars/{sub}/{path}', upload, download: {} })
    expect(await decide(ALICE, GET, context)).toMatchObject({ as: 'attachment' })
    expect(await decide(ALICE, { ...GET, as: 'inline' }, context)).toMatchObject({ as: 'inline' })
  })

  test('keeps that its URL is to stay the same', async () => {
    expect(await decide(ALICE, { ...GET, stable: true }, CONTEXT)).toMatchObject({ stable: true })
  })

  test('is as the rule says', async () => {
    const context = withRule({ key: 'avatars/{sub}/{path}', download: { as: 'attachment' } })
    expect(await decide(ALICE, GET, context)).toMatchObject({ as: 'attachment' })
    expect(await decide(ALICE, { ...GET, as: 'attachment' }, context)).toMatchObject({
      as: 'attachment',
    })
    expect((await refusal({ ...GET, as: 'inline' }, context)).issues).toEqual([
      { path: 'as', message: 'must be attachment for this rule' },
    ])
  })

  test.each([
    [`avatars/bob/${UUID}.png`, 'key_outside_prefix'],
    ['documents/alice/a.pdf', 'key_outside_prefix'],
    ['avatars/alice/../bob/x.png', 'key_invalid'],
  ])('of %s is refused', async (key, reason) => {
    expect((await refusal({ ...GET, key })).reason).toBe(reason)
  })

  test.each(['a/b', 'a\nb', 'a\u202eb', '..'])(
    'is refused under the name %j',
    async (downloadName) => {
      expect((await refusal({ ...GET, downloadName })).issues).toEqual([
        {
          path: 'downloadName',
          message: expect.stringMatching(/^must be a valid file name: it contains/),
        },
      ])
    },
  )

  test('is refused where a rule only uploads, or lends STS alone', async () => {
    const upload = withRule({ key: 'avatars/{sub}/{path}', upload: {} })
    expect((await refusal(GET, upload)).reason).toBe('operation_not_allowed')
    const sts = withRule({ key: 'avatars/{sub}/{path}', download: { mechanisms: ['sts'] } })
    expect((await refusal(GET, sts)).reason).toBe('mechanism_not_allowed')
  })

  test('is processed by the styles of its rule alone', async () => {
    const context = withRule({ key: 'avatars/{sub}/{path}', download: { styles: ['a', 'b'] } })
    const styled = (process: string) => ({ ...GET, process }) as CallerRequest
    expect(await decide(ALICE, styled('style/a'), context)).toMatchObject({ process: 'style/a' })
    expect(await decide(ALICE, GET, context)).not.toHaveProperty('process')
    for (const process of ['style/c', 'a', 'style/a,resize', 'image/resize,w_1']) {
      expect((await refusal(styled(process), context)).issues).toEqual([
        { path: 'process', message: 'must be style/a or style/b' },
      ])
    }
    expect((await refusal(styled('style/a'))).issues).toEqual([
      { path: 'process', message: 'is not allowed by this rule' },
    ])
  })
})
