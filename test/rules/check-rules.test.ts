// Covers shared/rules/check-rules.ts and shared/rules/overlap.ts: rules that reach the same objects.
import { issuesOf, STS, UPLOAD } from '../policy/support/wrong-rules'

describe('two rules', () => {
  const pair = (one: object, other: object) =>
    issuesOf({ one: { ...UPLOAD, ...one }, other: { ...UPLOAD, ...other } })
  const reason = [expect.stringContaining('other.key: reaches objects of one')]

  test.each([
    ['files/{sub}/{path}', 'files/{sub}/{path}'],
    ['files/{sub}/{path}', 'files/{sub}/private/{path}'],
    ['files/{sub}/private/{path}', 'files/{sub}/{path}'],
    ['files/{sub}/{uuid}', 'files/{sub}/{uuid}'],
    ['files/{sub}/{path}', 'files/fixed/{sub}/{path}'],
    ['files/{yyyy}/{sub}/{path}', 'files/{sub}/x/{path}'],
  ])('may not share objects when they permit different things: %s and %s', (one, other) => {
    expect(pair({ key: one }, { key: other, download: {} })).toEqual(reason)
  })

  test.each([
    ['files/{sub}/{path}', 'other/{sub}/{path}'],
    ['files/{sub}/{path}', 'files2/{sub}/{path}'],
    ['files/{sub}/a/{path}', 'files/{sub}/b/{path}'],
    ['files/{sub}/{uuid}', 'files/{sub}/deep/{uuid}'],
    ['files/{sub}/{uuid}', 'files/{sub}/deep/{path}'],
  ])('may differ where they reach different objects: %s and %s', (one, other) => {
    expect(pair({ key: one }, { key: other, download: {} })).toEqual([])
  })

  test('may share objects when they permit the same', () => {
    expect(pair({ key: 'files/{sub}/{path}' }, { key: 'files/{sub}/a/{path}' })).toEqual([])
  })

  test.each([
    ['files/{sub}/{path}', 'files/team/{sub}/{path}'],
    ['files/team/{sub}/{path}', 'files/{sub}/{path}'],
    ['files/{yyyy}/{sub}/{path}', 'files/{sub}/x/{path}'],
    ['files/{sub}/x/{uuid}', 'files/all/{sub}/{uuid}'],
  ])(
    'may not give an object to two callers, though they permit the same: %s and %s',
    (one, other) => {
      expect(pair({ key: one }, { key: other })).toEqual([
        'other.key: reaches objects of one for other callers (use different folders, or put {sub} at the same depth in both)',
      ])
    },
  )

  test('may not share objects when one of them knows whose they are', () => {
    const shared = { key: 'files/{uuid}/{sub}/x', shared: true }
    expect(pair(shared, { key: 'files/{path}', shared: true })).toEqual([
      expect.stringContaining('other.key: reaches objects of one for other callers'),
    ])
  })

  test('may share the objects of all callers', () => {
    const shared = (key: string) => ({ key, shared: true })
    expect(pair(shared('files/{path}'), shared('files/{yyyy}/{path}'))).toEqual([])
  })

  test('may use the same key in different buckets', () => {
    expect(pair({ bucket: 'one-bkt' }, { bucket: 'other-bkt', download: {} })).toEqual([])
  })

  test('may not use it in one and the same bucket', () => {
    expect(pair({ bucket: 'one-bkt' }, { bucket: 'one-bkt', download: {} })).toEqual(reason)
  })

  test('may not when only one of them names a bucket, which may be the other', () => {
    expect(pair({ bucket: 'one-bkt' }, { download: {} })).toEqual(reason)
    expect(pair({ download: {} }, { bucket: 'one-bkt' })).toEqual(reason)
  })

  test('overlap when one lends STS for the folder of the other', () => {
    const issues = issuesOf({
      one: {
        ...STS,
        key: 'files/{sub}/{uuid}',
        upload: { ...STS.upload, unenforced: { sts: ['callback', 'key'] } },
      },
      other: { ...UPLOAD, key: 'files/{sub}/deep/{uuid}' },
    })
    expect(issues).toEqual(reason)
  })

  test('overlap when the forms of one may name what is in the folder of the other', () => {
    const one = { ...UPLOAD, key: 'files/{sub}/{uuid}' }
    const other = { ...UPLOAD, key: 'files/{sub}/deep/{uuid}' }
    const open = { ...one, upload: { ...one.upload, unenforced: { form: ['name', 'key'] } } }
    expect(issuesOf({ one: open, other })).toEqual(reason)
  })

  test('overlap when one lists the folder that the other is in', () => {
    const one = { ...UPLOAD, key: 'files/{sub}/{uuid}' }
    const other = { ...UPLOAD, key: 'files/{sub}/deep/{uuid}' }
    expect(issuesOf({ one, other })).toEqual([])
    expect(issuesOf({ one: { ...one, list: {} }, other })).toEqual(reason)
    expect(issuesOf({ one: { ...one, list: {} }, other: { ...other, list: {} } })).toEqual([])
  })
})
