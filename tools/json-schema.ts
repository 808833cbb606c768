import type { GenericSchema } from 'valibot'
import { isFirst } from '../shared/schema/schema'

/** A JSON Schema (draft 2020-12) of objects, arrays and plain values. */
export type JsonSchema = {
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly [keyword: string]: unknown
}

type Step = Readonly<Record<string, unknown>> & { type: string }

/**
 * Returns the JSON Schema of a parsing schema. The message of a check by a function becomes its
 * description; throws for a part without a conversion, so that nothing is omitted.
 */
export function toJsonSchema(schema: GenericSchema): JsonSchema {
  return convert(schema)
}

function convert(schema: object): JsonSchema {
  const { pipe, ...plain } = schema as Step & { pipe?: readonly Step[] }
  const steps = pipe ?? [plain]
  const isList = steps[0]?.type === 'array'
  const parts = steps.map((step) => {
    const toPart = (isList && LIST_CONVERSIONS[step.type]) || CONVERSIONS[step.type]
    if (toPart === undefined) throw new Error(`No JSON Schema conversion for ${step.type}`)
    return toPart(step)
  })
  return Object.assign({}, ...parts)
}

type Conversions = Readonly<Record<string, (step: Step) => JsonSchema>>

const CONVERSIONS: Conversions = {
  object: toObject,
  record: ({ key, value }) => ({
    type: 'object',
    propertyNames: convert(key as Step),
    additionalProperties: convert(value as Step),
  }),
  array: ({ item }) => ({ type: 'array', items: convert(item as Step) }),
  exact_optional: ({ wrapped }) => convert(wrapped as Step),
  nullable: ({ wrapped }) => ({ anyOf: [...toAlternatives(wrapped as Step), { type: 'null' }] }),
  union: (step) => ({ anyOf: toAlternatives(step) }),
  unknown: () => ({}),
  string: () => ({ type: 'string' }),
  number: () => ({ type: 'number' }),
  boolean: () => ({ type: 'boolean' }),
  literal: ({ literal }) => ({ type: typeof literal, const: literal }),
  picklist: ({ options }) => ({ type: typeof (options as unknown[])[0], enum: options }),
  integer: () => ({ type: 'integer' }),
  regex: ({ requirement, message }) => ({
    pattern: (requirement as RegExp).source,
    ...describe(message),
  }),
  check: ({ message }) => {
    if (typeof message !== 'string') throw new Error('A check has no message for its description')
    return describe(message)
  },
  min_length: ({ requirement }) => ({ minLength: requirement }),
  max_length: ({ requirement }) => ({ maxLength: requirement }),
  min_value: ({ requirement }) => ({ minimum: requirement }),
  max_value: ({ requirement }) => ({ maximum: requirement }),
  description: ({ description }) => ({ description }),
}

// The same valibot actions have other keywords for arrays.
const LIST_CONVERSIONS: Conversions = {
  min_length: ({ requirement }) => ({ minItems: requirement }),
  max_length: ({ requirement }) => ({ maxItems: requirement }),
  check_items: ({ requirement }) => {
    if (requirement !== isFirst)
      throw new Error('No JSON Schema conversion for this check of entries')
    return { uniqueItems: true }
  },
}

function toAlternatives(step: Step): JsonSchema[] {
  return step.type === 'union' ? (step.options as Step[]).map(convert) : [convert(step)]
}

function describe(message: unknown): JsonSchema {
  if (typeof message !== 'string') return {}
  return { description: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` }
}

const OPTIONAL = ['exact_optional']

function toObject({ entries, isExact }: Step): JsonSchema {
  const members = Object.entries(entries as Readonly<Record<string, Step>>)
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, member]) => [name, convert(member)])),
    required: members.filter(([, { type }]) => !OPTIONAL.includes(type)).map(([name]) => name),
    ...(isExact === true && { additionalProperties: false }),
  }
}
