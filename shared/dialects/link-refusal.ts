import type { ProblemCode, Refusal } from '../errors'

/** What the same clients read where a link gives no credentials. */
export type LinkRefusal = {
  StatusCode: 403
  Code: 'Forbidden'
  ErrorCode: string
  ErrorMessage: string
}

const INVALID = {
  ErrorCode: 'invalid_link',
  ErrorMessage: 'This link gives no credentials. Request a new one.',
}

// Worth another try with the same link; every other refusal is the same to whoever holds it.
const PASSING: Partial<Record<ProblemCode, string>> = {
  too_many_requests: 'Keep the credentials that you have, and try again in a minute.',
  internal: 'Something went wrong on our side. Try again later.',
  unavailable: 'A service that we depend on did not answer. Try again in a few seconds.',
}

/** A refusal as the answer of a link, which tells nobody why a link is not valid. */
export function toLinkRefusal({ code }: Refusal): LinkRefusal {
  const passing = PASSING[code]
  const words = passing === undefined ? INVALID : { ErrorCode: code, ErrorMessage: passing }
  return { StatusCode: 403, Code: 'Forbidden', ...words }
}
