import { BlockList, isIP } from 'node:net'
import { matchesGlob } from './glob'

type Test = (actual: string, expected: string) => boolean
type Operator = { holds: Test; negated: boolean }

const POSITIVE = {
  StringEquals: (actual, expected) => actual === expected,
  StringEqualsIgnoreCase: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  StringLike: (actual, expected) => matchesGlob(expected, actual),
  NumericEquals: comparing(toNumber, (a, b) => a === b),
  NumericLessThan: comparing(toNumber, (a, b) => a < b),
  NumericLessThanEquals: comparing(toNumber, (a, b) => a <= b),
  NumericGreaterThan: comparing(toNumber, (a, b) => a > b),
  NumericGreaterThanEquals: comparing(toNumber, (a, b) => a >= b),
  DateEquals: comparing(Date.parse, (a, b) => a === b),
  DateLessThan: comparing(Date.parse, (a, b) => a < b),
  DateLessThanEquals: comparing(Date.parse, (a, b) => a <= b),
  DateGreaterThan: comparing(Date.parse, (a, b) => a > b),
  DateGreaterThanEquals: comparing(Date.parse, (a, b) => a >= b),
  Bool: (actual, expected) => actual.toLowerCase() === expected.toLowerCase(),
  IpAddress: isAddressIn,
  IpAddressIncludeBorder: isAddressIn,
} satisfies Record<string, Test>

const NEGATIVE = {
  StringNotEquals: POSITIVE.StringEquals,
  StringNotEqualsIgnoreCase: POSITIVE.StringEqualsIgnoreCase,
  StringNotLike: POSITIVE.StringLike,
  NumericNotEquals: POSITIVE.NumericEquals,
  DateNotEquals: POSITIVE.DateEquals,
  NotIpAddress: POSITIVE.IpAddress,
} satisfies Record<string, Test>

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ...toOperators(POSITIVE, false),
  ...toOperators(NEGATIVE, true),
])

/** Returns true for the name of a RAM condition operator (RAM: policy elements, Condition). */
export function isConditionOperator(name: string): boolean {
  return OPERATORS.has(name)
}

/**
 * Returns true if every condition holds for the request. The values of a key are alternatives; all
 * keys and operators must match. A key that the request lacks fails a positive operator and passes
 * a negative one.
 */
export function meetsConditions(
  condition: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>,
  context: Readonly<Record<string, string>>,
): boolean {
  return Object.entries(condition).every(([name, keys]) => {
    const operator = OPERATORS.get(name)
    if (!operator) return false
    return Object.entries(keys).every(([key, expected]) =>
      meets(operator, Object.hasOwn(context, key) ? context[key] : undefined, expected),
    )
  })
}

function toOperators(tests: Record<string, Test>, negated: boolean): [string, Operator][] {
  return Object.entries(tests).map(([name, holds]) => [name, { holds, negated }])
}

function meets(operator: Operator, actual: string | undefined, expected: string | string[]) {
  const found =
    actual !== undefined && [expected].flat().some((value) => operator.holds(actual, value))
  return found !== operator.negated
}

function comparing(parse: (text: string) => number, compare: (a: number, b: number) => boolean) {
  // NaN, for an invalid number or date, makes every comparison false.
  return (actual: string, expected: string) => compare(parse(actual), parse(expected))
}

function toNumber(text: string): number {
  return text.trim() === '' ? Number.NaN : Number(text)
}

function isAddressIn(actual: string, expected: string): boolean {
  if (expected === '*') return true
  const [address = '', prefix, ...more] = expected.split('/')
  const [family, expectedFamily] = [isIP(actual), isIP(address)]
  if (!family || family !== expectedFamily || more.length > 0) return false
  const bits = family === 4 ? 32 : 128
  const length = prefix === undefined ? bits : /^\d{1,3}$/.test(prefix) ? Number(prefix) : -1
  if (length < 0 || length > bits) return false
  const list = new BlockList()
  const type = family === 4 ? 'ipv4' : 'ipv6'
  list.addSubnet(address, length, type)
  return list.check(actual, type)
}
