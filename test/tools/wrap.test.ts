import { outputWidth, wrap } from '../../tools/wrap'

it.each([
  ['one two three four five', 20, 0, 'one two three four\nfive'],
  ['one two three four five six seven', 24, 4, 'one two three four\n    five six seven'],
  ['exactly twenty chars', 20, 0, 'exactly twenty chars'],
  ['exactly twenty chars!', 20, 0, 'exactly twenty\nchars!'],
  [
    'a very-long-word-that-no-line-has-room-for b',
    10,
    0,
    'a\nvery-long-word-that-no-line-has-room-for\nb',
  ],
  ['never wrapped at all, however long it may be', Number.POSITIVE_INFINITY, 4, undefined],
])('wraps %j to %d columns, indented by %d', (text, width, indent, expected) => {
  expect(wrap(text, { width, indent })).toBe(expected ?? text)
})

it('is as wide as COLUMNS says, and as it likes where the output is no terminal', () => {
  const before = process.env.COLUMNS
  process.env.COLUMNS = '61'
  expect(outputWidth()).toBe(61)
  delete process.env.COLUMNS
  expect(outputWidth()).toBe(process.stdout.columns ?? Number.POSITIVE_INFINITY)
  if (before !== undefined) process.env.COLUMNS = before
})
