import { isDeepStrictEqual } from 'node:util'
import type { Issue } from '../errors'
import { isObject } from '../schema/schema'
import { agreeOnCaller, doOverlap } from './overlap'
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

/** Makes rules ready for use; throws one error that lists every issue with its way out. */
export function defineRules(input: Readonly<Record<string, RuleInput>>): Rules {
  if (!isObject(input)) throw toError([{ path: 'rules', message: 'must be an object of rules' }])
  const parsed = Object.entries(input).map(([name, rule]) => parseRule(name, rule))
  const rules = parsed.flatMap(({ rule }) => rule ?? [])
  const issues = [
    ...findNameIssues(Object.keys(input)),
    ...parsed.flatMap(({ issues }) => issues),
    ...findOverlapIssues(rules),
  ]
  if (issues.length > 0) throw toError(issues)
  return new Map(rules.map((rule) => [rule.name, rule]))
}

function findNameIssues(names: readonly string[]): Issue[] {
  const strange = names.filter((name) => !NAME.test(name))
  return [
    ...(names.length === 0 ? [{ path: 'rules', message: 'are empty (define one)' }] : []),
    ...strange.map((name) => ({
      path: name,
      message: 'is no name for a rule (use up to 64 letters, digits, _ and -, a letter first)',
    })),
  ]
}

function findOverlapIssues(rules: readonly Rule[]): Issue[] {
  return rules.flatMap((rule, index) =>
    rules.slice(0, index).flatMap((other) => {
      const problem = findOverlapProblem(rule, other)
      const message = `reaches objects of ${other.name}${problem}`
      return problem === undefined ? [] : [{ path: `${rule.name}.key`, message }]
    }),
  )
}

// Where two rules reach the same object, the one that permits more, or permits it to others, would decide.
function findOverlapProblem(rule: Rule, other: Rule): string | undefined {
  if (!doOverlap(rule, other)) return undefined
  if (!permitSame(rule, other)) {
    return ', which permits something else (use folders that differ, or name both buckets)'
  }
  if (agreeOnCaller(rule, other)) return undefined
  return ' for other callers (use folders that differ, or put {sub} at the same depth in both)'
}

function permitSame(one: Rule, other: Rule): boolean {
  return isDeepStrictEqual({ ...one, name: '', template: '' }, { ...other, name: '', template: '' })
}

function toError(issues: readonly Issue[]): Error {
  const lines = issues.map(({ path, message }) => `  ${path}: ${message}`)
  return new Error(`The rules are wrong:\n${lines.join('\n')}`)
}
