// Covers shared/schema/issues.ts too.
import * as v from 'valibot'
import { dictionary, integer, isObject, strictObject } from '../../shared/schema/schema'

const pair = strictObject({ a: v.string(), b: v.exactOptional(v.number()) })
const names = v.pipe(v.string(), v.regex(/^[a-z]+$/, 'is no name'))

function issuesOf(schema: v.GenericSchema, input: unknown): string[] {
  const issues = v.safeParse(schema, input, { message: ({ type }) => type }).issues ?? []
  return issues.map((issue) => `${v.getDotPath(issue) ?? ''}: ${issue.message}`)
}

describe('an exact object', () => {
  it('is read with what it may and what it must have', () => {
    expect(v.parse(pair, { a: 'x', b: 1 })).toEqual({ a: 'x', b: 1 })
    expect(v.parse(pair, { a: 'x' })).toEqual({ a: 'x' })
  })

  it('names every issue and every unknown member', () => {
    expect(issuesOf(pair, { c: 1, a: 1, d: 2 })).toEqual([
      'a: string',
      'c: is not known',
      'd: is not known',
    ])
  })

  it.each(['__proto__', 'constructor', 'prototype', 'toString', ''])(
    'has no member called %j',
    (name) => {
      const input = JSON.parse(`{"a":"x",${JSON.stringify(name)}:{"b":1}}`)
      expect(issuesOf(pair, input)).toEqual([`${name}: is not known`])
    },
  )

  it.each([undefined, null, [], ['x'], 'text', '', 0, 1, true, new Date(0), new Map()])(
    'is not %p',
    (input) => {
      expect(issuesOf(pair, input)).toEqual([': object'])
      expect(issuesOf(strictObject({}), input)).toEqual([': object'])
      expect(isObject(input)).toBe(false)
    },
  )

  it('names unknown members inside of another and inside of a choice', () => {
    expect(issuesOf(strictObject({ in: pair }), { in: { a: 'x', c: 1 } })).toEqual([
      'in.c: is not known',
    ])
    expect(issuesOf(v.union([v.literal(false), pair]), { a: 'x', c: 1 })).toEqual([
      'c: is not known',
    ])
  })

  it('is as strict for those who read schemas by the standard', async () => {
    expect(await pair['~standard'].validate({ a: 'x', c: 1 })).toHaveProperty('issues')
  })
})

describe('a dictionary', () => {
  const counts = dictionary(names, integer(1))

  it.each(['{}', '{"a":1,"b":2}', '{"constructor":1,"prototype":2}'])('keeps %s', (text) => {
    expect(JSON.stringify(v.parse(counts, JSON.parse(text)))).toBe(text)
  })

  it('names every wrong name and value', () => {
    expect(issuesOf(counts, { A: 1, b: 0, C: 'x' })).toEqual([
      'A: is no name',
      'b: min_value',
      'C: is no name',
      'C: number',
    ])
  })

  it('looks at __proto__ like at any other name', () => {
    expect(issuesOf(counts, JSON.parse('{"__proto__":1}'))).toEqual(['__proto__: is no name'])
    const anything = dictionary(v.string(), v.number())
    expect(issuesOf(anything, JSON.parse('{"__proto__":{"a":1}}'))).toEqual(['__proto__: number'])
  })

  it('says where a issue inside of a value is', () => {
    expect(issuesOf(dictionary(names, pair), { x: { a: 1 } })).toEqual(['x.a: string'])
  })

  it.each([undefined, null, [], 'text', 1, new Date(0), new Map([['a', 1]])])(
    'is not %p',
    (input) => {
      expect(issuesOf(counts, input)).toEqual([': record'])
    },
  )
})

describe('a whole number', () => {
  it.each([0, 1, Number.MAX_SAFE_INTEGER])('may be %p', (value) => {
    expect(issuesOf(integer(0), value)).toEqual([])
  })

  it.each([-1, 0.5, 2 ** 53, 1e300, Number.NaN, Number.POSITIVE_INFINITY, '1', 1n, null, true])(
    'is not %p',
    (value) => {
      expect(issuesOf(integer(0), value)).not.toEqual([])
    },
  )

  it('keeps to both of its bounds', () => {
    expect([2, 3, 5, 6].map((value) => issuesOf(integer(3, 5), value).length)).toEqual([1, 0, 0, 1])
  })
})
