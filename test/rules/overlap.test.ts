import * as fc from 'fast-check'
import { buildKey } from '../../shared/policy/key'
import type { Rule } from '../../shared/rules/rule'
import { defineRules } from '../../shared/rules/rules'
import { fitsTemplate } from '../../shared/rules/template'
import { RUNS } from '../support/runs'

const NOW = 1_700_000_000
const UUID = '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11'
const SUBS = ['a', 'b', '2023', UUID]

const folder = fc.constantFrom('{sub}', '{sub}', 'a', 'b', '{yyyy}', '{uuid}')
const key = fc
  .record({
    folders: fc.array(folder, { minLength: 1, maxLength: 4 }),
    end: fc.constantFrom('{path}', '{uuid}', 'a'),
  })
  .map(({ folders, end }) => ['files', ...folders, end].join('/'))

function acceptedPair(keys: readonly string[]): Rule[] {
  const rules = keys.map((text) => ({ key: text, upload: { overwrite: true }, download: {} }))
  try {
    return [...defineRules(Object.fromEntries(rules.map((rule, at) => [`r${at}`, rule]))).values()]
  } catch {
    return []
  }
}

/** Keys that this rule makes for this caller, most of them such that another template could fit. */
function keysOf({ template }: Rule, sub: string): string[] {
  return SUBS.flatMap((one) => SUBS.map((other) => `${one}/${other}/a`))
    .concat(SUBS)
    .map((filename) => buildKey(template, { sub, filename, uuid: UUID, now: NOW }))
}

test('no key is within reach of two callers through two rules that are taken together', () => {
  let pairs = 0
  fc.assert(
    fc.property(key, key, (one, other) => {
      const rules = acceptedPair([one, other])
      if (rules.length < 2) return
      pairs += 1
      const objects = SUBS.flatMap((sub) => rules.flatMap((rule) => keysOf(rule, sub)))
      const isShared = (objectKey: string) =>
        SUBS.filter((who) => rules.some(({ template }) => fitsTemplate(template, who, objectKey)))
          .length > 1
      expect(objects.filter(isShared)).toEqual([])
    }),
    { numRuns: RUNS },
  )
  expect(pairs).toBeGreaterThan(RUNS / 20)
})
