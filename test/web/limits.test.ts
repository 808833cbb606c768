import { isContentTypeAllowed } from '../../shared/rules/content-type'
import { checkLimits, isTypeAllowed } from '../../web/limits'

const MiB = 1024 * 1024
const LIMITS = { contentTypes: ['image/png', 'image/webp'], minBytes: 3, maxBytes: 5 * MiB }
const FILE = { contentType: 'image/png', size: 5 * MiB }

test('lets a file at either limit through', () => {
  expect(() => checkLimits(FILE, LIMITS)).not.toThrow()
  expect(() => checkLimits({ ...FILE, size: 3 }, LIMITS)).not.toThrow()
  const unlimited = { ...LIMITS, minBytes: 0, maxBytes: Infinity }
  expect(() => checkLimits({ ...FILE, size: 0 }, unlimited)).not.toThrow()
})

test.each([
  [6_501_171, 'file_too_large', 'File too large: at most 5 MiB, this one has 6.2 MiB'],
  [
    5 * MiB + 1,
    'file_too_large',
    'File too large: at most 5242880 bytes, this one has 5242881 bytes',
  ],
  [2, 'file_too_small', 'File too small: at least 3 bytes, this one has 2 bytes'],
])('refuses %d bytes, in one unit', (size, code, title) => {
  const failure = expect.objectContaining({ code, title })
  expect(() => checkLimits({ ...FILE, size }, LIMITS)).toThrow(failure)
})

test('refuses another type, and says which are allowed', () => {
  const failure = expect.objectContaining({
    code: 'file_type_not_allowed',
    title: 'File type not allowed: this one is text/html',
    detail: 'This rule allows the content types image/png, image/webp.',
  })
  expect(() => checkLimits({ ...FILE, contentType: 'text/html' }, LIMITS)).toThrow(failure)
})

const TYPES = [
  ...['image/png', 'IMAGE/PNG', 'image/svg+xml', 'video/x+xml', 'audio/mpeg', 'video/mp4'],
  ...['text/plain;charset=utf-8', 'text/plain; charset="a b"', 'text/plain;', 'text/plain; a'],
  ...['', 'png', 'image/', '/png', 'image/*', 'image/png/x', 'a b/c', `a/${'b'.repeat(300)}`],
]
const PATTERNS = [
  '*/*',
  'image/*',
  'image/png',
  'IMAGE/PNG',
  'video/*',
  'video/x+xml',
  'text/plain',
]

test.each(PATTERNS)('judges types by %s as the functions do', (pattern) => {
  for (const type of TYPES) {
    const verdict = isContentTypeAllowed(type, [pattern])
    expect([type, isTypeAllowed(type, [pattern])]).toEqual([type, verdict])
  }
})
