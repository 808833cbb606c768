import fc from 'fast-check'
import { findOwner, findTicketRule, fromSegment, isOwnedBy } from '../../shared/policy/owner'
import { defineRules } from '../../shared/rules/rules'
import { toSegment } from '../../shared/rules/subject'

const rules = defineRules({
  avatar: { key: 'avatars/{sub}/{uuid}.{ext}', upload: {} },
  own: { key: 'own/{sub}/{path}', bucket: 'own-bkt', upload: {} },
  wall: { key: 'wall/{path}', shared: true, upload: {} },
  reports: { key: 'reports/{sub}/{path}', download: {} },
})
const UUID = '00000000-0000-4000-8000-000000000000'

function ownerOf(key: string, bucket = 'demo-bkt') {
  const owner = findOwner(rules, { bucket, key }, 'demo-bkt')
  return owner && [owner.rule.name, owner.sub]
}

describe('findOwner', () => {
  it('finds the rule and the caller that a key belongs to', () => {
    expect(ownerOf(`avatars/alice/${UUID}.png`)).toEqual(['avatar', 'alice'])
    expect(ownerOf('own/a~3ab/x', 'own-bkt')).toEqual(['own', 'a:b'])
  })

  it('knows no caller where the key names none', () => {
    expect(ownerOf('wall/x')).toEqual(['wall', undefined])
    expect(ownerOf(`avatars/${toSegment('x'.repeat(200))}/${UUID}.png`)).toEqual([
      ...['avatar', undefined],
    ])
  })

  it.each([
    ['a key that the template can’t make', 'avatars/alice/me.png', 'demo-bkt'],
    ['a key in the bucket of no rule', 'own/alice/x', 'demo-bkt'],
    ['a rule’s key in another bucket', `avatars/alice/${UUID}.png`, 'own-bkt'],
    ['a rule for downloads alone', 'reports/alice/x', 'demo-bkt'],
    ['the ledger', '.oss-direct/uploads/x', 'demo-bkt'],
  ])('finds no owner for %s', (_, key, bucket) => {
    expect(ownerOf(key, bucket)).toBeUndefined()
  })
})

it('finds no owner where two segments name two callers', () => {
  const twice = defineRules({ twice: { key: 'twice/{sub}/of/{sub}/{path}', upload: {} } })
  const find = (key: string) => findOwner(twice, { bucket: 'demo-bkt', key }, 'demo-bkt')
  expect(find('twice/alice/of/alice/x')?.sub).toBe('alice')
  expect(find('twice/alice/of/bob/x')).toBeUndefined()
})

it('leaves the caller out, rather than undefined, where the key names none', () => {
  const owner = findOwner(rules, { bucket: 'demo-bkt', key: 'wall/x' }, 'demo-bkt')
  expect(Object.keys(owner ?? {})).toEqual(['rule'])
})

describe('fromSegment', () => {
  it('undoes toSegment for every subject that was not hashed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 24 }), (sub) => {
        const segment = toSegment(sub)
        expect(fromSegment(segment)).toBe(segment.startsWith('~h') ? undefined : sub)
      }),
    )
    expect(fromSegment(toSegment('\ud800a'))).toBe('\ud800a')
  })

  it('reads nothing from a segment that no subject becomes', () => {
    for (const segment of ['~', '~zz', '~61', 'a b', '~ff', '%41', '~h', 'ä']) {
      expect(fromSegment(segment)).toBeUndefined()
    }
  })
})

describe('isOwnedBy', () => {
  const [rule] = rules.values()
  const owned = (owner: object, ...subs: string[]) =>
    isOwnedBy({ rule, ...owner } as Parameters<typeof isOwnedBy>[0], new Set(subs))

  it('compares the caller of the key', () => {
    expect(owned({ sub: 'alice', segment: 'alice' }, 'bob', 'alice')).toBe(true)
    expect(owned({ sub: 'alice', segment: 'alice' }, 'bob', 'al')).toBe(false)
  })

  it('compares the hash, where the key has no more of the caller', () => {
    const long = 'x'.repeat(200)
    expect(owned({ segment: toSegment(long) }, 'bob', long)).toBe(true)
    expect(owned({ segment: toSegment(long) }, 'bob', `${long}x`)).toBe(false)
    expect(owned({ segment: toSegment(long) })).toBe(false)
  })

  it('is false for a key that names nobody', () => {
    expect(owned({}, 'alice')).toBe(false)
  })
})

describe('findTicketRule', () => {
  const upload = { contentTypes: ['image/png'], mechanisms: ['form'] } as const
  const tickets = defineRules({
    form: { key: 'form/{sub}/{path}', upload },
    open: { key: 'open/{sub}/{path}', upload: { ...upload, unenforced: { form: ['name'] } } },
    parts: {
      key: 'parts/{sub}/{path}',
      upload: { mechanisms: ['url'], multipart: { partBytes: 1024 * 1024 } },
    },
    own: { key: 'own/{sub}/{path}', bucket: 'own-bkt', upload },
    reports: { key: 'reports/{sub}/{path}', download: {} },
  })
  const find = (rule: string, use: string, change: object = {}) =>
    findTicketRule(
      tickets,
      { rule, use, bucket: 'demo-bkt', ...change } as Parameters<typeof findTicketRule>[1],
      'demo-bkt',
    )?.name

  it.each([
    ['form', 'form', {}],
    ['open', 'form', {}],
    ['open', 'form', { prefix: 'open/alice/' }],
    ['parts', 'url', {}],
    ['parts', 'multipart', {}],
    ['own', 'form', { bucket: 'own-bkt' }],
  ])('finds the rule %s, which allows %s with %j', (rule, use, change) => {
    expect(find(rule, use, change)).toBe(rule)
  })

  it.each([
    ['a rule that is gone', 'gone', 'form', {}],
    ['a rule for downloads alone', 'reports', 'form', {}],
    ['a use that the rule no longer allows', 'form', 'url', {}],
    ['parts of a rule without them', 'form', 'multipart', {}],
    ['a form of a rule with other ways', 'parts', 'form', {}],
    ['another bucket', 'form', 'form', { bucket: 'own-bkt' }],
    ['the default bucket, where the rule has its own', 'own', 'form', {}],
    ['names that the rule does not open', 'form', 'form', { prefix: 'form/alice/' }],
  ])('finds no rule for %s', (_, rule, use, change) => {
    expect(find(rule, use, change)).toBeUndefined()
  })

  it('lets credentials have a prefix', () => {
    const lent = defineRules({
      lent: {
        key: 'lent/{sub}/{path}',
        upload: {
          mechanisms: ['sts'],
          unenforced: { sts: ['callback', 'contentType', 'size', 'overwrite', 'metadata'] },
        },
      },
    })
    const ticket = { rule: 'lent', use: 'sts', bucket: 'demo-bkt', prefix: 'lent/alice/' } as const
    expect(findTicketRule(lent, ticket, 'demo-bkt')?.name).toBe('lent')
  })
})
