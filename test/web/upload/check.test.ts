import { t } from '../../../web/i18n/i18n'
import { describeLimits } from '../../../web/upload/accepted'
import { findFileIssue } from '../../../web/upload/check'
import { createSpeedometer, secondsLeft } from '../../../web/upload/speed'
import { pathBeside, splitPath } from '../../../web/upload/taken-names'
import { type UploadRule, waysBy } from '../../../web/upload/way'

const MiB = 1024 * 1024

function ruleOf(upload: Partial<UploadRule['upload']> = {}): UploadRule {
  return {
    name: 'faces',
    upload: {
      ...{
        mechanisms: ['url', 'form'],
        contentTypes: ['image/png', 'image/webp'],
        multipart: true,
      },
      ...{ ttlSeconds: 900, overwrite: true, needsMd5: false, metadata: {} },
      ...{ minBytes: 3, maxBytes: 5 * MiB },
      ...upload,
    },
  }
}

function wordsFor(size: number, type: string, path = 'a.png'): string {
  const file = { size, type, name: path } as File
  const failure = findFileIssue({ file, path }, ruleOf())
  return failure ? t(failure.title, failure.values) : ''
}

test.each([
  [3, 'image/png', ''],
  [5 * MiB, 'image/webp', ''],
  [5 * MiB, '', ''],
  [2, 'image/png', 'Too small: at least 3 bytes, and this file has 2 bytes'],
  [6_501_171, 'image/png', 'Too large: at most 5 MiB, and this file has 6.2 MiB'],
  [
    5 * MiB + 1,
    'image/png',
    'Too large: at most 5,242,880 bytes, and this file has 5,242,881 bytes',
  ],
  [9, 'text/html', 'Wrong type: text/html is not taken here, but PNG or WebP'],
])('judges %d bytes of %j before they are sent: %s', (size, type, words) => {
  expect(wordsFor(size, type)).toBe(words)
})

test('judges the name before the type, and a type that nobody knows by the name', () => {
  expect(wordsFor(9, 'text/html', 'a\\b.png')).toContain('backslash')
  expect(wordsFor(9, '', 'a.unknown')).toContain('application/octet-stream is not taken here')
})

test.each([
  [{ contentTypes: ['*/*'], minBytes: 0 }, 'Any file, up to 5 MiB'],
  [
    { contentTypes: ['application/pdf', 'image/*'] },
    'PDF or pictures, at least 3 bytes, up to 5 MiB',
  ],
  [{ contentTypes: ['text/plain', 'video/mp4'], minBytes: 0 }, 'text/plain or MP4, up to 5 MiB'],
])('says what a rule takes: %j', (upload, words) => {
  expect(describeLimits(ruleOf(upload))).toBe(words)
})

test.each([
  [{}, ['auto', 'put', 'form', 'parts']],
  [{ mechanisms: ['form'] }, ['auto', 'form']],
  [{ mechanisms: ['sts'] }, ['sts']],
  [{ mechanisms: ['url', 'sts'], multipart: false }, ['auto', 'put', 'sts']],
  [{ mechanisms: [] }, []],
] as const)('offers the ways that a rule allows: %j', (upload, ways) => {
  expect(waysBy(ruleOf(upload as Partial<UploadRule['upload']>))).toEqual(ways)
})

test.each([
  ['a.pdf', 'a (2).pdf'],
  ['b/c/a.tar.gz', 'b/c/a (2).tar.gz'],
  ['b.c/a', 'b.c/a (2)'],
  ['.env', '.env (2)'],
  ['a.b.c', 'a.b (2).c'],
])('puts beside %s %s', (path, beside) => {
  expect(pathBeside(path, 2)).toBe(beside)
})

test('splits a path into folder and name', () => {
  expect(splitPath('a/b/c.txt')).toEqual({ folder: 'a/b', name: 'c.txt' })
  expect(splitPath('c.txt')).toEqual({ folder: '', name: 'c.txt' })
})

test('measures the speed of the last seconds, and begins anew when bytes are taken back', () => {
  const meter = createSpeedometer()
  expect(meter.speed(0)).toBeUndefined()
  for (let second = 0; second <= 20; second++) meter.note(second * 1000, second * 100)
  expect(meter.speed(20_000)).toBe(100)
  for (let second = 21; second <= 30; second++) meter.note(second * 1000, 2000)
  expect(meter.speed(30_000)).toBe(0)
  meter.note(31_000, 10)
  expect(meter.speed(31_000)).toBeUndefined()
  meter.note(33_000, 30)
  expect(meter.speed(33_000)).toBe(10)
})

test('says how long the rest takes while something moves', () => {
  expect(secondsLeft(500, 100)).toBe(5)
  expect(secondsLeft(500, 0)).toBeUndefined()
  expect(secondsLeft(500, undefined)).toBeUndefined()
})
