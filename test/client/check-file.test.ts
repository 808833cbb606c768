import { checkFile, chooseWay } from '../../client/check-file'
import type { RuleDescription } from '../../client/shared-types'
import { isContentTypeAllowed } from '../../shared/rules/content-type'

const MiB = 1024 * 1024

const rule = (upload: Partial<NonNullable<RuleDescription['upload']>> = {}): RuleDescription => ({
  name: 'films',
  upload: {
    ...{ mechanisms: ['url', 'form'], contentTypes: ['*/*'], ttlSeconds: 900, overwrite: true },
    ...{ needsMd5: false, multipart: true, metadata: {}, minBytes: 0, maxBytes: 100 * MiB },
    ...upload,
  },
})

const code = (check: () => void) => {
  try {
    check()
    return 'taken'
  } catch (error) {
    return (error as { code: string }).code
  }
}

it.each([
  [0, 'file_too_small'],
  [1, 'taken'],
  [5, 'taken'],
  [6, 'file_too_large'],
])('a file of %i bytes, between 1 and 5, is %s', (size, expected) => {
  const limited = rule({ minBytes: 1, maxBytes: 5 })
  expect(code(() => checkFile({ contentType: 'a/b', size }, limited))).toBe(expected)
})

it('has no limits where the rule has none', () => {
  const unlimited = rule()
  delete unlimited.upload?.minBytes
  delete unlimited.upload?.maxBytes
  const size = Number.MAX_SAFE_INTEGER
  expect(code(() => checkFile({ contentType: 'a/b', size }, unlimited))).toBe('taken')
})

it('is refused by a rule for downloads', () => {
  expect(code(() => checkFile({ contentType: 'a/b', size: 1 }, { name: 'a' }))).toBe('not_allowed')
})

describe.each(['image/*', 'IMAGE/PNG', 'audio/*', 'image/svg+xml', '*/*'])(
  'for the pattern %s',
  (pattern) => {
    it.each([
      'image/png',
      'Image/PNG',
      'image/png; a=b',
      'image/svg+xml',
      'audio/a+xml',
      'text/plain',
    ])('%s is judged as the functions judge it', (contentType) => {
      const isTaken =
        code(() => checkFile({ contentType, size: 1 }, rule({ contentTypes: [pattern] }))) ===
        'taken'
      expect(isTaken).toBe(isContentTypeAllowed(contentType, [pattern]))
    })
  },
)

describe('the way of a file', () => {
  it.each([
    [0, {}, 'put'],
    [16 * MiB, {}, 'put'],
    [16 * MiB + 1, {}, 'parts'],
    [16 * MiB + 1, { multipart: false }, 'put'],
    [16 * MiB + 1, { mechanisms: ['form'] }, 'form'],
    [1, { mechanisms: ['form'] }, 'form'],
    [1, { needsMd5: true, multipart: false }, 'form'],
  ] as const)('of %i bytes, for %j, is %s', (size, upload, way) => {
    expect(chooseWay(rule(upload as object), size)).toBe(way)
  })

  it('is the wanted one where the rule has it', () => {
    expect(chooseWay(rule(), 1, 'parts')).toBe('parts')
    expect(code(() => chooseWay(rule({ multipart: false }), 1, 'parts'))).toBe(
      'mechanism_not_allowed',
    )
  })

  it('is none by URL that needs an MD5, and none by credentials', () => {
    const md5 = rule({ mechanisms: ['url'], needsMd5: true, multipart: false })
    expect(code(() => chooseWay(md5, 1))).toBe('mechanism_not_allowed')
    expect(() => chooseWay(rule({ mechanisms: ['sts'] }), 1)).toThrow('Use credentials().')
  })
})
