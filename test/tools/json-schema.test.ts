import * as v from 'valibot'
import { isFirst, strictObject } from '../../shared/schema/schema'
import { toJsonSchema } from '../../tools/json-schema'

describe('the JSON Schema of a schema that parses', () => {
  it('counts the entries of a list and the characters of a text', () => {
    const text = v.pipe(v.string(), v.minLength(1), v.maxLength(2))
    const unique = v.checkItems<string[], string>(isFirst, 'is there twice')
    const list = v.pipe(v.array(text), v.minLength(3), v.maxLength(4), unique)
    expect(toJsonSchema(list)).toEqual({
      type: 'array',
      items: { type: 'string', minLength: 1, maxLength: 2 },
      minItems: 3,
      maxItems: 4,
      uniqueItems: true,
    })
  })

  it('lets in other members only where the parser does', () => {
    const any = { type: 'object', properties: { a: { type: 'boolean' } }, required: ['a'] }
    expect(toJsonSchema(v.object({ a: v.boolean() }))).toEqual(any)
    expect(toJsonSchema(strictObject({ a: v.boolean() }))).toEqual({
      ...any,
      additionalProperties: false,
    })
  })

  it('takes the words of a check for its description', () => {
    const even = v.check((n: number) => n % 2 === 0, 'must be even')
    const described = { type: 'number', description: 'Must be even.' }
    expect(toJsonSchema(v.pipe(v.number(), even))).toEqual(described)
  })

  it('says what a schema says of itself', () => {
    const described = v.pipe(v.string(), v.description('A name.'))
    expect(toJsonSchema(described)).toEqual({ type: 'string', description: 'A name.' })
  })

  it.each([
    [
      'a check without words',
      v.pipe(
        v.number(),
        v.check(() => true),
      ),
    ],
    ['a kind of value that it has no word for', v.bigint()],
    ['a kind of check that it has no word for', v.pipe(v.string(), v.email())],
    [
      'a check of entries that it has no word for',
      v.pipe(
        v.array(v.string()),
        v.checkItems(() => true),
      ),
    ],
    ['a change of the value', v.pipe(v.string(), v.transform(Number))],
  ])('does not exist for %s', (_, schema) => {
    expect(() => toJsonSchema(schema)).toThrow(
      /^(No JSON Schema conversion|A check has no message)/,
    )
  })
})
