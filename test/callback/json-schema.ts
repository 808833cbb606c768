import type { uploadEventSchema } from '../../shared/callback/event'

type Step = Readonly<Record<string, unknown>> & { type: string }

/** The JSON Schema (draft 2020-12) of a schema made of the parts that the upload event has. */
export function toJsonSchema(schema: typeof uploadEventSchema): object {
  return { $schema: 'https://json-schema.org/draft/2020-12/schema', ...convert(schema) }
}

const CONVERSIONS: Readonly<Record<string, (step: Step) => object>> = {
  object: ({ entries }) => toObject(entries as Readonly<Record<string, Step>>),
  record: ({ value }) => ({
    type: 'object',
    propertyNames: { type: 'string' },
    additionalProperties: convert(value as Step),
  }),
  exact_optional: ({ wrapped }) => convert(wrapped as Step),
  string: () => ({ type: 'string' }),
  number: () => ({ type: 'number' }),
  literal: ({ literal }) => ({ type: typeof literal, const: literal }),
  picklist: ({ options }) => ({ type: 'string', enum: options }),
  integer: () => ({ type: 'integer' }),
  regex: ({ requirement }) => ({ pattern: (requirement as RegExp).source }),
  min_length: ({ requirement }) => ({ minLength: requirement }),
  min_value: ({ requirement }) => ({ minimum: requirement }),
  max_value: ({ requirement }) => ({ maximum: requirement }),
  gt_value: ({ requirement }) => ({ exclusiveMinimum: requirement }),
}

// What is unknown here throws, so that nothing is left out of the published schema.
function convert(schema: object): Readonly<Record<string, unknown>> {
  const { pipe, ...plain } = schema as Step & { pipe?: readonly Step[] }
  const parts = (pipe ?? [plain]).map((step) => {
    const toPart = CONVERSIONS[step.type]
    if (toPart === undefined) throw new Error(`Nothing says what ${step.type} is in JSON Schema`)
    return toPart(step)
  })
  return Object.assign({}, ...parts)
}

function toObject(entries: Readonly<Record<string, Step>>): object {
  const members = Object.entries(entries)
  return {
    type: 'object',
    properties: Object.fromEntries(members.map(([name, member]) => [name, convert(member)])),
    required: members.filter(([, { type }]) => type !== 'exact_optional').map(([name]) => name),
    additionalProperties: false,
  }
}
