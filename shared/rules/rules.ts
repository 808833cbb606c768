import { fingerprint } from './fingerprint'
import type { Rule } from './rule'
import type { RuleInput } from './rule-input'
import { toRule } from './to-rule'

/** All rules by name. */
export type Rules = ReadonlyMap<string, Rule>

/** Bytes. */
export const KiB = 1024
/** Bytes. */
export const MiB = 1024 ** 2
/** Bytes. */
export const GiB = 1024 ** 3

/** The name under which rules keep the fingerprint of what they were made of. */
export const FINGERPRINT = Symbol.for('oss-direct.rules.fingerprint')

// Written into the functions by the build, which has checked the rules that it builds in.
declare const CHECKED_RULES: string | undefined

/** Makes rules ready for use; throws one error that lists every issue with its way out. */
export function defineRules(input: Readonly<Record<string, RuleInput>>): Rules {
  const found = fingerprint(input)
  const areChecked = typeof CHECKED_RULES === 'string' && found === CHECKED_RULES
  if (!areChecked) loadCheck().checkRules(input)
  const rules = Object.entries(input).map(([name, rule]) => [name, toRule(name, rule)] as const)
  return Object.defineProperty(new Map(rules), FINGERPRINT, { value: found })
}

// A file of its own beside a deployed function, for rules that differ from those of the build, by the environment say.
function loadCheck(): typeof import('./check-rules') {
  return require('./check-rules')
}
