import {
  CODES,
  type Issue,
  type ProblemCode,
  REASONS,
  type Reason,
  Refusal,
} from '../../shared/errors'
import { json, problem } from '../../shared/http/answer'
import type { JsonSchema } from '../json-schema'
import { refer } from './refer'

const NAMES = Object.keys(CODES) as ProblemCode[]

/** The schema of a problem document: every code with the type, status and title that go with it. */
export function problemSchema(): JsonSchema {
  return {
    description: 'A problem document (RFC 9457); `code` is stable.',
    type: 'object',
    properties: {
      type: { type: 'string', description: 'The code as a URN.' },
      title: { type: 'string', description: 'The same in plain words.' },
      status: { type: 'integer', description: 'The HTTP status.' },
      detail: { type: 'string', description: 'One sentence for the caller.' },
      code: { type: 'string', enum: NAMES, description: 'What is wrong, for programs.' },
      requestId: { type: 'string', description: 'What to name when asking for help.' },
      errors: {
        type: 'array',
        items: faultSchema(),
        minItems: 1,
        description: 'What is wrong with a malformed request, and where.',
      },
    },
    required: ['type', 'title', 'status', 'detail', 'code', 'requestId'],
    oneOf: NAMES.map(fixedMembers),
  }
}

function faultSchema(): JsonSchema {
  const properties: Record<keyof Issue, JsonSchema> = {
    path: { type: 'string', description: 'The member, dotted; empty for the whole body.' },
    message: { type: 'string', description: 'What is wrong with it.' },
  }
  const required = Object.keys(properties)
  return { type: 'object', properties, required, additionalProperties: false }
}

function fixedMembers(code: ProblemCode): JsonSchema {
  const { type, title, status } = problemOf(code)
  const fixed = { type, title, status, code }
  const properties = Object.entries(fixed).map(([name, value]) => [name, { const: value }])
  return { properties: Object.fromEntries(properties) }
}

/** The answers by status that a route gives with these codes. */
export function problemResponses(
  codes: readonly ProblemCode[],
  examplesOf: (status: number) => object,
): Record<string, object> {
  const statuses = [...new Set(codes.map((code) => CODES[code].status))].sort((a, b) => a - b)
  const responses = statuses.map((status) => {
    const those = codes.filter((code) => CODES[code].status === status)
    return [status, { ...responseOf(those), ...contentOf(those, examplesOf(status)) }]
  })
  return Object.fromEntries(responses)
}

function contentOf(codes: readonly ProblemCode[], examples: object): object {
  const schema = { allOf: [refer('Problem'), { properties: { code: { enum: codes } } }] }
  return { content: { 'application/problem+json': { schema, ...examples } } }
}

function responseOf(codes: readonly ProblemCode[]): object {
  const names = codes.flatMap((code) => Object.keys(answerOf(code).headers))
  const extra = names.filter((name) => !(name in json({}).headers))
  const headers = extra.map((name) => [name, { required: true, schema: { type: 'string' } }])
  return {
    description: codes.map((code) => `\`${code}\`: ${CODES[code].title}.`).join(' '),
    ...(headers.length > 0 && { headers: Object.fromEntries(headers) }),
  }
}

// The very answer that a refusal makes, so that the document says what is sent.
function answerOf(code: ProblemCode) {
  const reasons = Object.keys(REASONS) as Reason[]
  const reason = reasons.find((each) => REASONS[each] === code)
  if (reason === undefined) throw new Error(`No reason has the code ${code}`)
  return problem(new Refusal(reason), '')
}

function problemOf(code: ProblemCode): { type: string; title: string; status: number } {
  return JSON.parse(answerOf(code).body)
}
