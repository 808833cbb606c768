import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import type { Issue } from '../errors'
import { describeIssue, toIssues } from '../schema/issues'
import { isObject } from '../schema/schema'
import { agreeOnCaller, doOverlap } from './overlap'
import type { Rule } from './rule'
import { type RuleInput, ruleSchema } from './rule-input'
import { findRuleIssues } from './rule-issues'
import { MAX_TEMPLATE_CHARS, toTemplate } from './template'
import { findTemplateIssues } from './template-issues'
import { toRule } from './to-rule'

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,63}$/

/** Checks these rules; throws one error that lists every issue with its solution. */
export function checkRules(input: Readonly<Record<string, RuleInput>>): void {
  if (!isObject(input)) throw toError([{ path: 'rules', message: 'must be an object of rules' }])
  const parsed = Object.entries(input).map(([name, rule]) => parseRule(name, rule))
  const issues = [
    ...findNameIssues(Object.keys(input)),
    ...parsed.flatMap(({ issues }) => issues),
    ...findOverlapIssues(parsed.flatMap(({ rule }) => rule ?? [])),
  ]
  if (issues.length > 0) throw toError(issues)
}

function findNameIssues(names: readonly string[]): Issue[] {
  const strange = names.filter((name) => !NAME.test(name))
  return [
    ...(names.length === 0 ? [{ path: 'rules', message: 'must contain at least one rule' }] : []),
    ...strange.map((name) => ({
      path: name,
      message:
        'is not a valid rule name (use up to 64 letters, digits, _ and -, beginning with a letter)',
    })),
  ]
}

type Parsed = { rule?: Rule; issues: Issue[] }

function parseRule(name: string, input: RuleInput): Parsed {
  try {
    return parse(name, input)
  } catch (error) {
    // A getter of the entry threw; the issues of the other rules are listed nevertheless.
    return {
      issues: [{ path: name, message: `can't be read (${String(error)}; use plain values)` }],
    }
  }
}

function parse(name: string, input: RuleInput): Parsed {
  const parsed = v.safeParse(ruleSchema, input, { message: describeIssue })
  const issues = [
    ...toIssues(parsed.issues),
    ...findKeyIssues(input).map((message) => ({ path: 'key', message })),
  ]
  if (!parsed.success || issues.length > 0) return { issues: issues.map(toNamed(name)) }
  const rule = toRule(name, parsed.output)
  return { rule, issues: findRuleIssues(rule, parsed.output).map(toNamed(name)) }
}

// Also checks the key of an entry with other issues, so that all issues are listed at once.
function findKeyIssues(input: RuleInput | null): string[] {
  if (typeof input?.key !== 'string' || input.key.length > MAX_TEMPLATE_CHARS) return []
  const issues = findTemplateIssues(input.key)
  if (issues.length > 0 || input.shared || toTemplate(input.key).isolates) return issues
  return [
    'does not separate callers (put {sub}/ before {uuid}, {ext} and {path}, or set shared: true)',
  ]
}

function toNamed(name: string): (issue: Issue) => Issue {
  return ({ path, message }) => ({ path: [name, path].filter(Boolean).join('.'), message })
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

// If two rules reach the same object, the one that permits more, or permits other callers, would prevail.
function findOverlapProblem(rule: Rule, other: Rule): string | undefined {
  if (!doOverlap(rule, other)) return undefined
  if (!permitSame(rule, other)) {
    return ', which has other permissions (use different folders, or set bucket in both)'
  }
  if (agreeOnCaller(rule, other)) return undefined
  return ' for other callers (use different folders, or put {sub} at the same depth in both)'
}

function permitSame(one: Rule, other: Rule): boolean {
  return isDeepStrictEqual({ ...one, name: '', template: '' }, { ...other, name: '', template: '' })
}

function toError(issues: readonly Issue[]): Error {
  const lines = issues.map(({ path, message }) => `  ${path}: ${message}`)
  return new Error(`The rules are wrong:\n${lines.join('\n')}`)
}
