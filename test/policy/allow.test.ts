import type { Caller } from '../../shared/auth/caller'
import { decide, decideBegunUpload } from '../../shared/policy/decide'
import type { AllowRequest, MultipartRequest } from '../../shared/rules/requests'
import { ALICE, FORM, GET, PUT, refusal, UUID, withRule } from './support/example'

const MULTIPART: MultipartRequest = { ...PUT, operation: 'multipart', contentLength: 5 }
const UPLOADS = [PUT, FORM, MULTIPART] as const

/** A rule that keeps what its `allow` hears, and answers yes. */
function listening(key = 'a/{sub}/{path}') {
  const heard: AllowRequest[] = []
  const allow = (_: Caller, request: AllowRequest) => heard.push(request) > 0
  return { heard, context: withRule({ allow, key, upload: {}, download: {} }) }
}

describe.each(UPLOADS)('allow, asked about $operation', (request) => {
  test.each([
    ['x.ap\u212a', 'x.apK'],
    ['a\u037eb', 'a;b'],
    ['a\u1fefb', 'a`b'],
    ['cafe\u0301', 'caf\u00e9'],
  ])('hears the name that will be stored: %j is %j', async (filename, stored) => {
    const { heard, context } = listening()
    const grant = await decide(ALICE, { ...request, filename }, context)
    expect(heard).toMatchObject([{ filename: stored }])
    expect(grant).toMatchObject({ key: `a/alice/${stored}` })
  })

  test.each([
    ['TEXT/html; a=b', 'text/html', 'text/html; a=b'],
    ['Image/SVG+XML', 'image/svg+xml', 'image/svg+xml'],
    ['text/html\t;a="B;c"', 'text/html', 'text/html\t;a="B;c"'],
  ])('hears what browsers go by of the type %j: %s', async (contentType, essence, stored) => {
    const { heard, context } = listening()
    const grant = await decide(ALICE, { ...request, contentType }, context)
    expect(heard).toMatchObject([{ contentType: essence }])
    expect(grant).toMatchObject({ contentType: stored })
  })

  test('hears no name that can not be stored', async () => {
    const { heard, context } = listening()
    expect((await refusal({ ...request, filename: '../x' }, context)).reason).toBe('key_invalid')
    expect(heard).toEqual([])
  })

  test('changes nothing of what it hears', async () => {
    for (const change of [
      (wish: AllowRequest) => Object.assign(wish, { filename: 'other' }),
      (wish: AllowRequest) =>
        Object.assign((wish as { metadata?: object }).metadata ?? {}, { b: 'c' }),
      (_: AllowRequest, caller: Caller) => Object.assign(caller, { sub: 'bob' }),
    ]) {
      const allow = (caller: Caller, wish: AllowRequest) => change(wish, caller) !== undefined
      const upload = { metadata: { a: 5, b: 5 } }
      const context = withRule({
        allow,
        key: 'a/{sub}/{path}',
        upload: { ...upload, mechanisms: ['url'] },
      })
      const meant = request.operation === 'form' ? PUT : request
      const wish = { ...meant, metadata: { a: 'x' } }
      expect((await refusal(wish, context)).reason).toBe('allow_failed')
    }
  })
})

test('allow hears no key that can not be', async () => {
  const { heard, context } = listening()
  for (const key of ['a/alice/cafe\u0301', 'a/alice/../b', '']) {
    expect((await refusal({ ...GET, key }, context)).reason).toBe('key_invalid')
  }
  expect(heard).toEqual([])
})

test('allow hears the name of a download as the browser will', async () => {
  const { heard, context } = listening()
  const grant = await decide(
    ALICE,
    { ...GET, key: 'a/alice/b', downloadName: 'x.ap\u212a' },
    context,
  )
  expect([heard[0], grant]).toMatchObject([{ downloadName: 'x.apK' }, { downloadName: 'x.apK' }])
})

test.each(['a/{sub}/{path}', 'a/{sub}/{uuid}.{ext}', 'a/{sub}/{uuid}'])(
  'allow hears the same of an upload in parts each time, by key %s',
  async (key) => {
    const { heard, context } = listening(key)
    const wish = { ...MULTIPART, filename: 'b/My x.P\u212a', contentType: 'TEXT/plain; a=b' }
    const { contentType, filename, ...grant } = await decide(ALICE, wish, context)
    const begun = { rule: grant.rule, key: grant.key, contentType, contentLength: 5 }
    await decideBegunUpload(
      ALICE,
      { ...begun, ...(filename !== undefined && { filename }) },
      context,
    )
    expect(heard[1]).toEqual(heard[0])
    expect(heard[1]).toMatchObject({ filename: 'b/My x.PK', contentType: 'text/plain' })
    expect(filename === undefined).toBe(key.endsWith('{path}'))
  },
)

test('a ticket has the name of a file only where allow is asked about it', async () => {
  const context = withRule({ key: 'a/{sub}/{uuid}', upload: {} })
  expect(await decide(ALICE, MULTIPART, context)).not.toHaveProperty('filename')
  expect(UUID).toHaveLength(36)
})
