import * as fc from 'fast-check'
import {
  MAX_SEGMENT_CHARS,
  toSegment,
  toSessionName,
  toSourceIdentity,
} from '../../shared/rules/subject'
import { RUNS } from '../support/runs'

/** Text of any UTF-16 code units, broken ones included, often of the characters that matter. */
const subject = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: fc.constantFrom('~', 'h', 'u', '2', 'e', '.', '/', '\ud800', 'é', 'a') }),
  fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code)) }),
  fc.string({ unit: 'grapheme', minLength: 20, maxLength: 255 }),
)

describe('toSegment', () => {
  test.each([
    ['alice', 'alice'],
    ['alice@example.com', 'alice@example.com'],
    ['0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11', '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'],
    ['auth0|5f7c8ec7', 'auth0~7c5f7c8ec7'],
    ['CN=Ann,O=Ex', 'CN~3dAnn~2cO~3dEx'],
    ['张伟', '~e5~bc~a0~e4~bc~9f'],
    ['..', '~2e.'],
    ['.', '~2e'],
    ['a..b', 'a..b'],
    ['.oss-direct', '~2eoss-direct'],
    ['../bob', '~2e.~2fbob'],
    ['a/b', 'a~2fb'],
    [`a*?\${x}`, 'a~2a~3f~24~7bx~7d'],
    ['~2e', '~7e2e'],
    ['\ud800', '~ud800'],
    ['a\u0000', 'a~00'],
  ])('turns %j into %s', (sub, segment) => {
    expect(toSegment(sub)).toBe(segment)
  })

  test('keeps a segment of 96 characters and hashes one of 97', () => {
    expect(toSegment('x'.repeat(96))).toBe('x'.repeat(96))
    expect(toSegment('x'.repeat(97))).toMatch(/^~h[\w-]{43}$/)
  })

  test('is the same for ever', () => {
    expect(toSegment('x'.repeat(255))).toMatchInlineSnapshot(
      `"~h0iYJ2jrjlWykh3BWqOWA7tdEpvfXz6WxndiNUvzA1DU"`,
    )
    expect(toSegment('张'.repeat(255))).toMatchInlineSnapshot(
      `"~hsLN_vsxU4b-xeC89Q8sQwfy9yDuIff-HHAkdJV_YH-Y"`,
    )
  })

  test('tells normal forms of the same letters apart', () => {
    expect(toSegment('é'.normalize('NFC'))).not.toBe(toSegment('é'.normalize('NFD')))
  })

  test('gives no two subjects the same segment', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        expect(toSegment(one) === toSegment(other)).toBe(one === other)
      }),
      { numRuns: RUNS },
    )
  })

  test('gives every subject one folder name that means nothing else in a path or a policy', () => {
    fc.assert(
      fc.property(subject, (sub) => {
        const segment = toSegment(sub)
        expect(segment).toMatch(/^[A-Za-z0-9_@~-][A-Za-z0-9._@~-]*$/)
        expect(segment.length).toBeLessThanOrEqual(MAX_SEGMENT_CHARS)
      }),
      { numRuns: RUNS },
    )
  })
})

describe('toSessionName', () => {
  test.each([
    ['alice', 'alice'],
    ['ab', 'ab'],
    ['alice@example.com', 'alice@example.com'],
    ['x'.repeat(32), 'x'.repeat(32)],
  ])('keeps %s', (sub, name) => {
    expect(toSessionName(sub)).toBe(name)
  })

  test.each(['a', '', 'auth0|5f7c', '张伟', 'x'.repeat(33), 'a'.repeat(255), '\ud800'])(
    'gives %j a legible name with a hash',
    (sub) => {
      expect(toSessionName(sub)).toMatch(/^[A-Za-z0-9._@-]{0,15}-[0-9a-f]{16}$/)
    },
  )

  test('writes one - for each run of what a name may not have', () => {
    expect(toSessionName('auth0||5f7c')).toMatch(/^auth0-5f7c-[0-9a-f]{16}$/)
    expect(toSessionName('a b')).toMatch(/^a-b-[0-9a-f]{16}$/)
  })

  test.each(['auth0|5f7c', 'x'.repeat(70), '张伟', '\ud800'])(
    'gives no other subject the name that %j has by its hash',
    (sub) => {
      for (const toName of [toSessionName, toSourceIdentity]) {
        const twin = toName(sub)
        expect(toName(twin)).not.toBe(twin)
      }
    },
  )

  test('tells broken characters apart', () => {
    expect(toSessionName('\ud800')).not.toBe(toSessionName('\ud801'))
    expect(toSessionName('\ud800')).not.toBe(toSessionName('\ufffd'))
  })

  test.each(['-0123456789abcdef', 'a-0123456789abcdef'])('hashes %s, which looks hashed', (sub) => {
    expect(toSessionName(sub)).not.toBe(sub)
    expect(toSessionName(sub)).toMatch(/^[A-Za-z0-9._@-]{0,15}-[0-9a-f]{16}$/)
    expect(toSessionName(`${sub}x`)).toBe(`${sub}x`)
  })

  test('makes a valid RoleSessionName of every subject', () => {
    fc.assert(
      fc.property(subject, (sub) => {
        expect(toSessionName(sub)).toMatch(/^[A-Za-z0-9._@-]{2,32}$/)
      }),
    )
  })

  test('gives no two subjects the same name, one that looks like another included', () => {
    fc.assert(
      fc.property(subject, subject, (one, other) => {
        const names = [one, toSessionName(one), toSessionName(toSessionName(one)), other]
        const distinct = [...new Set(names)]
        expect(new Set(distinct.map(toSessionName)).size).toBe(distinct.length)
        expect(new Set(distinct.map(toSourceIdentity)).size).toBe(distinct.length)
      }),
    )
  })

  test('tells two long subjects apart', () => {
    expect(toSessionName(`${'x'.repeat(40)}1`)).not.toBe(toSessionName(`${'x'.repeat(40)}2`))
  })
})

describe('toSourceIdentity', () => {
  test.each(['ab', 'auth0=x+y,z@example.com', 'x'.repeat(64)])('keeps %s', (sub) => {
    expect(toSourceIdentity(sub)).toBe(sub)
  })

  test('makes a valid SourceIdentity of every subject', () => {
    fc.assert(
      fc.property(subject, (sub) => {
        expect(toSourceIdentity(sub)).toMatch(/^(?!acs:|aliyun:|alibabacloud:)[\w+=,.@-]{2,64}$/i)
      }),
    )
  })

  test.each(['a', 'auth0|5f7c', 'x'.repeat(65), `a-${'0'.repeat(32)}`])('hashes %s', (sub) => {
    expect(toSourceIdentity(sub)).toMatch(/^[\w+=,.@-]{0,31}-[0-9a-f]{32}$/)
  })
})
