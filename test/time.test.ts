import { toIsoTime } from '../shared/time'

it.each([
  [0, '1970-01-01T00:00:00Z'],
  [1_700_000_000, '2023-11-14T22:13:20Z'],
  [1_700_000_000.999, '2023-11-14T22:13:20Z'],
  [253_402_300_799, '9999-12-31T23:59:59Z'],
])('writes %d as %s, without a fraction', (seconds, text) => {
  expect(toIsoTime(seconds)).toBe(text)
})
