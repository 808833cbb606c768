import { isConditionOperator } from './conditions'
import type { PolicyDocument, PolicyStatement } from './types'

const POLICY_KEYS = ['Version', 'Statement']
const STATEMENT_KEYS = ['Effect', 'Action', 'NotAction', 'Resource', 'Condition']

/** Parses a policy from JSON; returns `undefined` if RAM's grammar check would refuse it. */
export function parsePolicy(text: string): PolicyDocument | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return isPolicy(value) ? value : undefined
  } catch {
    // Not JSON: the caller reports the grammar error.
    return undefined
  }
}

/** Returns true for a policy in RAM's grammar: version "1", and no unknown elements. */
export function isPolicy(value: unknown): value is PolicyDocument {
  return (
    isRecord(value) &&
    hasOnly(value, POLICY_KEYS) &&
    value.Version === '1' &&
    Array.isArray(value.Statement) &&
    value.Statement.length > 0 &&
    value.Statement.every(isStatement)
  )
}

function isStatement(value: unknown): value is PolicyStatement {
  return (
    isRecord(value) &&
    hasOnly(value, STATEMENT_KEYS) &&
    (value.Effect === 'Allow' || value.Effect === 'Deny') &&
    (value.Action === undefined) !== (value.NotAction === undefined) &&
    isTexts(value.Action ?? value.NotAction, /^(?:\*|[A-Za-z0-9-]+:[A-Za-z0-9*?]+)$/) &&
    isTexts(value.Resource, /^(?:\*|acs:[^:]+:.+)$/s) &&
    (value.Condition === undefined || isCondition(value.Condition))
  )
}

function isCondition(value: unknown): boolean {
  return (
    isRecord(value) &&
    Object.entries(value).every(
      ([operator, keys]) =>
        isConditionOperator(operator) &&
        isRecord(keys) &&
        Object.values(keys).every((expected) => isTexts(expected, /^/)),
    )
  )
}

function isTexts(value: unknown, form: RegExp): boolean {
  const list: unknown[] = Array.isArray(value) ? value : [value]
  return list.length > 0 && list.every((text) => typeof text === 'string' && form.test(text))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function hasOnly(value: Record<string, unknown>, keys: readonly string[]): boolean {
  return Object.keys(value).every((key) => keys.includes(key))
}
