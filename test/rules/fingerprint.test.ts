import { fingerprint } from '../../shared/rules/fingerprint'

const RULES = { files: { key: 'files/{sub}/{path}', upload: { maxBytes: 5 }, allow: () => true } }

it('is the same for the same data, whatever its functions do', () => {
  const same = { files: { ...RULES.files, allow: () => false } }
  expect(fingerprint(same)).toBe(fingerprint(RULES))
})

it.each([
  ['another value', { files: { ...RULES.files, upload: { maxBytes: 6 } } }],
  ['a member more', { files: { ...RULES.files, shared: true } }],
  ['a member less', { files: { key: RULES.files.key, upload: { maxBytes: 5 } } }],
  ['a value in the place of a function', { files: { ...RULES.files, allow: true } }],
  ['no number', { files: { ...RULES.files, upload: { maxBytes: Number.NaN } } }],
  ['another name', { documents: RULES.files }],
])('differs for %s', (_, rules) => {
  expect(fingerprint(rules)).not.toBe(fingerprint(RULES))
})

it('is undefined for rules that can’t be written as JSON', () => {
  const cycle: { self?: unknown } = {}
  cycle.self = cycle
  const throwing = {
    get files() {
      throw new Error('no')
    },
  }
  for (const rules of [cycle, throwing, undefined]) expect(fingerprint(rules)).toBeUndefined()
})
