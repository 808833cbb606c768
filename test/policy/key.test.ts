// Covers shared/policy/name.ts, shared/policy/normalize.ts and shared/rules/template.ts too.
import * as fc from 'fast-check'
import { Refusal } from '../../shared/errors'
import { buildKey, buildOwnFolder, buildPrefix, checkOwnKey } from '../../shared/policy/key'
import { findNameProblem } from '../../shared/policy/name'
import { normalizeRequest } from '../../shared/policy/normalize'
import { toTemplate } from '../../shared/rules/template'
import { RUNS } from '../support/runs'

const NOW = 1_700_000_000
const UUID = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'

function build(template: string, given: string, sub = 'alice'): string {
  const request = { operation: 'form', rule: 'a', filename: given, contentType: 'a/b' } as const
  const { filename } = normalizeRequest(request)
  return buildKey(toTemplate(template), { sub, filename, uuid: UUID, now: NOW })
}

function refusalOf(action: () => unknown): unknown {
  try {
    action()
  } catch (error) {
    if (error instanceof Refusal) return [error.reason, error.facts.problem]
    throw error
  }
  return 'accepted'
}

describe('buildKey', () => {
  test('makes a plain key of 1023 bytes and refuses one of 1024', () => {
    const name = (bytes: number) => 'x'.repeat(bytes - 'a/alice/'.length)
    expect(build('a/{sub}/{path}', name(1023))).toHaveLength(1023)
    expect(refusalOf(() => build('a/{sub}/{path}', name(1024)))).toEqual([
      'key_invalid',
      'it is longer than 1023 bytes',
    ])
    expect(findNameProblem('x'.repeat(1023))).toBeUndefined()
    expect(findNameProblem('x'.repeat(1024))).toBe('it is longer than 1023 bytes')
  })

  test('says of a name that it is not in normal form C', () => {
    expect(findNameProblem('cafe\u0301')).toBe('it is not in Unicode normal form C')
  })

  test.each([
    ['avatars/{sub}/{uuid}.{ext}', 'Me.PNG', `avatars/alice/${UUID}.png`],
    ['documents/{sub}/{path}', 'a/b c+%.txt', 'documents/alice/a/b c+%.txt'],
    ['logs/{yyyy}/{mm}/{dd}/{sub}/{path}', 'x', 'logs/2023/11/14/alice/x'],
    ['a/{sub}/{uuid}', 'no-extension', `a/alice/${UUID}`],
    ['a/{sub}/x.{ext}', 'archive.tar.gz', 'a/alice/x.gz'],
    ['a/{sub}/{path}', '报告 1+2 😀.pdf', 'a/alice/报告 1+2 😀.pdf'],
    ['a/{sub}/{path}', '%2e%2e/%2e%2e%2fbob', 'a/alice/%2e%2e/%2e%2e%2fbob'],
    ['a/{sub}/{path}', '{sub}/{uuid}', 'a/alice/{sub}/{uuid}'],
    ['a/{sub}/{path}', 'what? *all* $5', 'a/alice/what? *all* $5'],
    ['a/{sub}/{path}', '...', 'a/alice/...'],
    ['a/{sub}/{path}', 'cafe\u0301', 'a/alice/caf\u00e9'],
  ])('makes of %s and %j the key %j', (template, filename, key) => {
    expect(build(template, filename)).toBe(key)
  })

  test.each([
    ['', 'it is empty'],
    ['/a', 'it starts with a slash'],
    ['\\a', 'it contains a backslash'],
    ['a\\b', 'it contains a backslash'],
    ['a//b', 'it contains an empty path segment'],
    ['a/', 'it contains an empty path segment'],
    ['..', 'it contains "." or ".." as a path segment'],
    ['.', 'it contains "." or ".." as a path segment'],
    ['../bob', 'it contains "." or ".." as a path segment'],
    ['a/../b', 'it contains "." or ".." as a path segment'],
    ['a/..', 'it contains "." or ".." as a path segment'],
    ['a/./b', 'it contains "." or ".." as a path segment'],
    ['a\u0000b', 'it contains a control character or invalid Unicode'],
    ['a\nb', 'it contains a control character or invalid Unicode'],
    ['a\u007fb', 'it contains a control character or invalid Unicode'],
    ['a\u0085b', 'it contains a control character or invalid Unicode'],
    ['a\u2028b', 'it contains a control character or invalid Unicode'],
    ['a\u2029b', 'it contains a control character or invalid Unicode'],
    ['a\ufeffb', 'it contains a control character or invalid Unicode'],
    ['a\ufffeb', 'it contains a control character or invalid Unicode'],
    ['a\ud800b', 'it contains a control character or invalid Unicode'],
    ['\udc00', 'it contains a control character or invalid Unicode'],
    ['a\u202egnp.exe', 'it contains a character that changes the direction of text'],
    ['a\u2066b', 'it contains a character that changes the direction of text'],
    ['a\u200fb', 'it contains a character that changes the direction of text'],
    [`a\${filename}`, 'it contains "${"'],
  ])('refuses the file name %j', (filename, problem) => {
    expect(refusalOf(() => build('a/{sub}/{path}', filename))).toEqual(['key_invalid', problem])
  })

  test.each(['photo', 'photo.', 'photo.p_g', 'a.png/b', `a.${'x'.repeat(17)}`, 'a.пнг'])(
    'refuses %j where an extension is due',
    (filename) => {
      expect(refusalOf(() => build('a/{sub}/{uuid}.{ext}', filename))).toEqual([
        'key_invalid',
        'it requires an extension of 1 to 16 letters and digits',
      ])
    },
  )

  test('takes an extension of 16 characters', () => {
    expect(build('a/{sub}/f.{ext}', `f.${'x'.repeat(16)}`)).toBe(`a/alice/f.${'x'.repeat(16)}`)
  })

  test('makes a key of 1023 bytes and refuses one of 1024', () => {
    const head = 'a/alice/'.length
    const name = `${'é'.repeat((1023 - head - 1) / 2)}x`
    expect(Buffer.byteLength(build('a/{sub}/{path}', name))).toBe(1023)
    expect(refusalOf(() => build('a/{sub}/{path}', `${name}x`))).toEqual([
      'key_invalid',
      'it is longer than 1023 bytes',
    ])
  })

  test('keeps every subject and file name below the prefix, or refuses', () => {
    const template = toTemplate('documents/{sub}/{path}')
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string({ unit: fc.constantFrom('.', '/', '\\', '%2e', 'a', '{sub}', '*') }),
    )
    fc.assert(
      fc.property(text, text, (sub, filename) => {
        const prefix = buildPrefix(template, sub, NOW)
        expect(prefix).toMatch(/^documents\/[^/*?${}]+\/$/)
        try {
          const key = buildKey(template, { sub, filename, uuid: UUID, now: NOW })
          expect(key.startsWith(prefix)).toBe(true)
          expect(findNameProblem(key)).toBeUndefined()
          expect(new URL(`https://h/${encodeURI(key)}`).pathname).toMatch(/^\/documents\/[^/]+\/./)
          checkOwnKey(template, sub, key)
        } catch (error) {
          expect(error).toMatchObject({ reason: 'key_invalid' })
        }
      }),
      { numRuns: RUNS },
    )
  })
})

describe('buildPrefix', () => {
  test.each([
    ['documents/{sub}/{path}', 'documents/alice/'],
    ['avatars/{sub}/{uuid}.{ext}', 'avatars/alice/'],
    ['a/{sub}/x-{uuid}.{ext}', 'a/alice/'],
    ['logs/{yyyy}/{mm}/{dd}/{sub}/{path}', 'logs/2023/11/14/alice/'],
    ['a/{sub}/fixed/{path}', 'a/alice/fixed/'],
    ['a/{sub}/me.png', 'a/alice/'],
  ])('gives %s the prefix %s', (template, prefix) => {
    expect(buildPrefix(toTemplate(template), 'alice', NOW)).toBe(prefix)
  })
})

describe('buildOwnFolder', () => {
  test.each([
    ['documents/{sub}/{path}', 'documents/alice/'],
    ['a/{sub}/x-{uuid}.{ext}', 'a/alice/'],
    ['notes/{sub}/{yyyy}/{mm}/{uuid}', 'notes/alice/'],
    ['logs/{yyyy}/{sub}/{path}', 'logs/2023/alice/'],
    ['a/{sub}/b/{sub}/{path}', 'a/alice/'],
    ['gallery/{yyyy}/{uuid}.{ext}', 'gallery/'],
    ['a/{uuid}/{sub}/{path}', 'a/'],
  ])('gives %s the folder %s', (template, folder) => {
    expect(buildOwnFolder(toTemplate(template), 'alice', NOW)).toBe(folder)
  })
})

describe('checkOwnKey', () => {
  const check = (template: string, key: string, sub = 'alice') =>
    refusalOf(() => checkOwnKey(toTemplate(template), sub, key))

  test.each([
    ['avatars/{sub}/{uuid}.{ext}', `avatars/alice/${UUID}.png`],
    ['documents/{sub}/{path}', 'documents/alice/a/b'],
    ['logs/{yyyy}/{mm}/{dd}/{sub}/{path}', 'logs/1999/01/31/alice/x'],
    ['a/{sub}/b/{sub}/{path}', 'a/alice/b/alice/x'],
    ['a+b/{sub}/{path}', 'a+b/alice/x'],
  ])('lets a key of %s pass: %s', (template, key) => {
    expect(check(template, key)).toBe('accepted')
  })

  test.each([
    ['documents/{sub}/{path}', 'documents/bob/a'],
    ['documents/{sub}/{path}', 'documents/alice'],
    ['documents/{sub}/{path}', 'documents/alicex/a'],
    ['documents/{sub}/{path}', 'documents/Alice/a'],
    ['documents/{sub}/{path}', 'xdocuments/alice/a'],
    ['documents/{sub}/{path}', 'other/documents/alice/a'],
    ['avatars/{sub}/{uuid}.{ext}', `avatars/alice/${UUID}`],
    ['avatars/{sub}/{uuid}.{ext}', `avatars/alice/${UUID}.png.exe`],
    ['avatars/{sub}/{uuid}.{ext}', `avatars/alice/${UUID}xpng`],
    ['avatars/{sub}/{uuid}.{ext}', 'avatars/alice/x.png'],
    ['a/{sub}/b/{sub}/{path}', 'a/alice/b/bob/x'],
    ['a/{sub}/b/{sub}/{path}', 'a/bob/b/alice/x'],
    ['a+b/{sub}/{path}', 'aab/alice/x'],
  ])('refuses for %s the key %s', (template, key) => {
    expect(check(template, key)).toEqual(['key_outside_prefix', undefined])
  })

  test.each([
    'documents/alice/../bob/x',
    'documents/alice//x',
    '/documents/alice/x',
    'documents/alice/e\u0301',
  ])('refuses the malformed key %j', (key) => {
    expect(check('documents/{sub}/{path}', key)).toEqual(['key_invalid', expect.any(String)])
  })

  test('knows a caller with an escaped segment by it alone', () => {
    expect(check('a/{sub}/{path}', 'a/~2e.~2fbob/x', '../bob')).toBe('accepted')
    expect(check('a/{sub}/{path}', 'a/bob/x', '../bob')).not.toBe('accepted')
  })
})
