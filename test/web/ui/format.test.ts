import {
  formatApart,
  formatBytes,
  formatDuration,
  formatExactBytes,
  formatShare,
  formatSpeed,
  shareOf,
} from '../../../web/ui/format'

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1,023 bytes'],
  [1024, '1 KiB'],
  [5 * 1024 ** 2, '5 MiB'],
  [6_501_171, '6.2 MiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [123_456_789, '117.7 MiB'],
  [2 * 1024 ** 3, '2 GiB'],
  [2 ** 52, '4,096 TiB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test('tells two sizes apart that look the same when they are rounded', () => {
  expect(formatApart(5 * 1024 ** 2, 6_501_171)).toEqual(['5 MiB', '6.2 MiB'])
  expect(formatApart(5 * 1024 ** 2, 5 * 1024 ** 2 + 1)).toEqual([
    '5,242,880 bytes',
    '5,242,881 bytes',
  ])
  expect(formatApart(1024, 1024)).toEqual(['1 KiB', '1 KiB'])
  expect(formatExactBytes(1)).toBe('1 byte')
})

test.each([
  [0.2, '1 sec'],
  [8.4, '8 sec'],
  [59.4, '59 sec'],
  [59.5, '1 min'],
  [3569, '59 min'],
  [3570, '1 hr'],
  [7200, '2 hr'],
])('writes %d seconds as %s', (seconds, text) => {
  expect(formatDuration(seconds)).toBe(text)
})

test('writes a speed in the units of the sizes', () => {
  expect(formatSpeed(3.25 * 1024 ** 2)).toBe('3.3 MiB/s')
  expect(formatSpeed(0.4)).toBe('0 bytes/s')
})

test.each([
  [0, 0, '100%'],
  [0, 10, '0%'],
  [999, 1000, '99%'],
  [10, 10, '100%'],
  [11, 10, '100%'],
])('takes %d of %d as %s', (done, total, share) => {
  expect(formatShare(shareOf(done, total))).toBe(share)
})
