import type { JsonSchema } from '../json-schema'

/** Returns the schema of a string. */
export const text = (description: string) => ({ type: 'string', description })
/** Returns the schema of a whole number that is not negative. */
export const count = (description: string) => ({ type: 'integer', minimum: 0, description })
/** Returns the schema of a boolean. */
export const flag = (description: string) => ({ type: 'boolean', description })
/** The schema of an object of strings. */
export const texts = { type: 'object', additionalProperties: { type: 'string' } }
/** Returns the schema of a time in UTC without a fraction. */
export const time = (description: string) => ({
  type: 'string',
  format: 'date-time',
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ$',
  description,
})

/** Returns the schema of an object with exactly the members of the response's type. */
export function exact<Answer>(
  properties: Record<keyof Answer, JsonSchema>,
  optional: readonly (keyof Answer)[] = [],
): JsonSchema {
  const names = Object.keys(properties)
  return {
    type: 'object',
    properties,
    required: names.filter((name) => !optional.some((other) => other === name)),
    additionalProperties: false,
  }
}
