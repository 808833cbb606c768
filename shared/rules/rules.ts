import { fingerprint } from './fingerprint'
import type { Rule } from './rule'
import type { RuleInput } from './rule-input'
import { toRule } from './to-rule'

/** All rules by name. */
export type Rules = ReadonlyMap<string, Rule>

/** The bytes of one KiB. */
export const KiB = 1024
/** The bytes of one MiB. */
export const MiB = 1024 ** 2
/** The bytes of one GiB. */
export const GiB = 1024 ** 3

/** The symbol of the property in which rules store the fingerprint of their input. */
export const FINGERPRINT = Symbol.for('oss-direct.rules.fingerprint')

// Set by the build, which has checked the rules that it bundles.
declare const CHECKED_RULES: string | undefined

/** Returns the rules ready for use; throws one error that lists every issue with its solution. */
export function defineRules(input: Readonly<Record<string, RuleInput>>): Rules {
  const found = fingerprint(input)
  const areChecked = typeof CHECKED_RULES === 'string' && found === CHECKED_RULES
  if (!areChecked) loadCheck().checkRules(input)
  const rules = Object.entries(input).map(([name, rule]) => [name, toRule(name, rule)] as const)
  return Object.defineProperty(new Map(rules), FINGERPRINT, { value: found })
}

// A separate file of the deployed bundle, for rules that differ from those of the build, for example by the environment.
function loadCheck(): typeof import('./check-rules') {
  return require('./check-rules')
}
