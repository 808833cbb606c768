import { isDeepStrictEqual } from 'node:util'
import type { Fault } from '../errors'
import { doOverlap } from './overlap'
import { parseRule } from './parse-rule'
import type { Rule } from './rule'
import type { RuleInput } from './rule-input'

/** All rules by name. */
export type Rules = ReadonlyMap<string, Rule>

/** Bytes. */
export const KiB = 1024
/** Bytes. */
export const MiB = 1024 ** 2
/** Bytes. */
export const GiB = 1024 ** 3

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** Makes rules ready for use; throws one error that lists every fault with its way out. */
export function defineRules(input: Readonly<Record<string, RuleInput>>): Rules {
  const parsed = Object.entries(input).map(([name, rule]) => parseRule(name, rule))
  const rules = parsed.flatMap(({ rule }) => rule ?? [])
  const faults = [
    ...findNameFaults(Object.keys(input)),
    ...parsed.flatMap(({ faults }) => faults),
    ...findOverlapFaults(rules, input),
  ]
  if (faults.length > 0) throw toError(faults)
  return new Map(rules.map((rule) => [rule.name, rule]))
}

function findNameFaults(names: readonly string[]): Fault[] {
  const strange = names.filter((name) => !NAME.test(name))
  return [
    ...(names.length === 0 ? [{ path: 'rules', message: 'are empty (define one)' }] : []),
    ...strange.map((name) => ({
      path: name,
      message: 'is no name for a rule (use up to 64 letters, digits, _ and -, a letter first)',
    })),
  ]
}

// Where two rules reach the same object, the one that permits more would decide.
function findOverlapFaults(
  rules: readonly Rule[],
  input: Readonly<Record<string, RuleInput>>,
): Fault[] {
  return rules.flatMap((rule, index) =>
    rules
      .slice(0, index)
      .filter((other) => doOverlap(rule, other) && !permitSame(input[rule.name], input[other.name]))
      .map((other) => ({
        path: `${rule.name}.key`,
        message: `reaches objects of ${other.name}, which permits something else (use folders that differ, or name both buckets)`,
      })),
  )
}

function permitSame(one: RuleInput | undefined, other: RuleInput | undefined): boolean {
  return isDeepStrictEqual({ ...one, key: '' }, { ...other, key: '' })
}

function toError(faults: readonly Fault[]): Error {
  const lines = faults.map(({ path, message }) => `  ${path}: ${message}`)
  return new Error(`The rules are wrong:\n${lines.join('\n')}`)
}
