import { stableLifetime } from '../../shared/policy/lifetime'

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
