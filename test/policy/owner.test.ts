import fc from 'fast-check'
import { findOwner, fromSegment } from '../../shared/policy/owner'
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
