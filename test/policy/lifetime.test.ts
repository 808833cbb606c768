import { lifetime, stableLifetime } from '../../shared/policy/lifetime'

const now = 1_700_000_000

describe('lifetime', () => {
  it.each([
    ['the grant', { expiresAt: now + 600 }, 600],
    ['7 days', { expiresAt: now + 700_000, credentialsEndAt: now + 900_000 }, 604_800],
    ['the credentials', { expiresAt: now + 900, credentialsEndAt: now + 300 }, 300],
    ['the safe limit of unknown credentials', { expiresAt: now + 7200 }, 3600],
  ])('ends with %s, whichever is first', (_, limits, seconds) => {
    expect(lifetime({ now, ...limits })).toEqual({ signedAt: now, expiresAt: now + seconds })
  })

  it('refuses less than 30 seconds of life', () => {
    const ending = (seconds: number) => () => lifetime({ now, expiresAt: now + seconds })
    expect(ending(30)).not.toThrow()
    expect(ending(29)).toThrow('lifetime_too_short')
    expect(ending(-1)).toThrow('lifetime_too_short')
    expect(ending(Number.NaN)).toThrow('lifetime_too_short')
  })
})

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

  it('never outlives the credentials', () => {
    const limits = { now, expiresAt: now + 3600, credentialsEndAt: now + 100 }
    expect(stableLifetime(limits).expiresAt).toBeLessThanOrEqual(now + 100)
  })
})
