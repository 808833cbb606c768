import { stableLifetime, toSessionSeconds } from '../../shared/policy/lifetime'

const now = 1_700_000_000

describe('stableLifetime', () => {
  function at(second: number, ttlSeconds = 600) {
    return stableLifetime({ now: second, expiresAt: second + ttlSeconds })
  }

  it('is the same throughout half its length', () => {
    const start = Math.ceil(now / 300) * 300
    expect(at(start)).toEqual({ signedAt: start, expiresAt: start + 600 })
    expect(at(start + 299)).toEqual(at(start))
    expect(at(start + 300)).not.toEqual(at(start))
  })

  it('never ends later than asked, begins never later than now, and keeps half its life', () => {
    for (const ttlSeconds of [60, 61, 601, 3600]) {
      for (let second = now; second < now + 4000; second += 7) {
        const { signedAt, expiresAt } = at(second, ttlSeconds)
        expect(signedAt).toBeLessThanOrEqual(second)
        expect(expiresAt).toBeLessThanOrEqual(second + ttlSeconds)
        expect(expiresAt - second).toBeGreaterThanOrEqual(ttlSeconds / 2)
      }
    }
  })

  it('falls back to an exact lifetime where half of it would be too short', () => {
    const start = Math.ceil(now / 20) * 20
    expect(at(start + 19, 40)).toEqual({ signedAt: start + 19, expiresAt: start + 59 })
  })
})

test.each([
  [900, 43_200, 900],
  [901, 43_200, 1800],
  [1800, 43_200, 1800],
  [3601, 43_200, 7200],
  [28_801, 43_200, 43_200],
  [43_200, 43_200, 43_200],
  [901, 1500, 1500],
  [1500, 1500, 1500],
  [900, 900, 900],
])('a session that is to live %d seconds, of %d at most, lives %d', (wanted, max, seconds) => {
  expect(toSessionSeconds(wanted, max)).toBe(seconds)
})
