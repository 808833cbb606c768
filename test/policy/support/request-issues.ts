import { type Issue, Refusal } from '../../../shared/errors'

/** Returns the issues that refuse this input, none if it is taken. */
export function issuesOf(parse: (input: unknown) => unknown, input: unknown): readonly Issue[] {
  try {
    parse(input)
  } catch (error) {
    if (error instanceof Refusal && error.reason === 'request_malformed') return error.issues
    throw error
  }
  return []
}
