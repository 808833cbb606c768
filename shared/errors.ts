/** Values that a problem's `detail` may contain: never a secret, token, signed URL or policy. */
export type Facts = Readonly<Record<string, string | number | readonly string[]>>

type Code = { status: number; title: string; detail: (facts: Facts) => string }

/** Every `code` of a problem document, with its HTTP status, title and detail. */
export const CODES = {
  invalid_request: {
    status: 400,
    title: 'Invalid request',
    detail: () => 'The request is malformed; "errors" lists what is wrong.',
  },
  invalid_key: {
    status: 400,
    title: 'Invalid file name or key',
    detail: ({ problem }) => `The name can't be used as an object key: ${problem}.`,
  },
  invalid_token: {
    status: 401,
    title: 'Invalid token',
    detail: () => 'Send a valid token as "Authorization: Bearer <JWT>".',
  },
  not_allowed: {
    status: 403,
    title: 'Not allowed',
    detail: () => 'This caller may not do this.',
  },
  mechanism_not_allowed: {
    status: 403,
    title: 'Mechanism not allowed',
    detail: ({ rule, mechanisms }) =>
      `Rule ${rule} does not allow this mechanism. Use: ${inWords(mechanisms)}.`,
  },
  file_type_not_allowed: {
    status: 403,
    title: 'File type not allowed',
    detail: ({ contentTypes }) => `This rule allows the content types ${inWords(contentTypes)}.`,
  },
  file_too_large: {
    status: 403,
    title: 'File too large',
    detail: ({ maxBytes }) => `This rule allows at most ${maxBytes} bytes.`,
  },
  file_too_small: {
    status: 403,
    title: 'File too small',
    detail: ({ minBytes }) => `This rule requires at least ${minBytes} bytes.`,
  },
  callback_rejected: {
    status: 403,
    title: 'Callback rejected',
    detail: () => 'This upload could not be proven.',
  },
  upload_size_rejected: {
    status: 413,
    title: 'Upload size rejected',
    detail: () => 'The size of the stored file is outside the granted limits.',
  },
  upload_type_rejected: {
    status: 415,
    title: 'Upload type rejected',
    detail: () => 'The content type of the stored file was not granted.',
  },
  upload_name_rejected: {
    status: 422,
    title: 'Upload name rejected',
    detail: () => 'The name of the stored file does not match the key of its rule.',
  },
  invalid_ticket: {
    status: 403,
    title: 'Invalid ticket',
    detail: () => 'The ticket has expired or is not valid for this upload. Start the upload again.',
  },
  rule_not_found: {
    status: 404,
    title: 'No such rule',
    detail: () => 'There is no rule with this name.',
  },
  method_not_allowed: {
    status: 405,
    title: 'Method not allowed',
    detail: ({ allow }) => `Use ${allow}, with JSON in the body.`,
  },
  request_too_large: {
    status: 413,
    title: 'Request too large',
    detail: ({ maxBytes }) => `The request body must be at most ${maxBytes} bytes long.`,
  },
  too_many_requests: {
    status: 429,
    title: 'Too many requests',
    detail: ({ retryAfterSeconds }) =>
      `Keep using your current credentials and try again in ${retryAfterSeconds} seconds.`,
  },
  internal: {
    status: 500,
    title: 'Internal error',
    detail: () => 'An internal error occurred. Include the requestId when you report it.',
  },
  unavailable: {
    status: 503,
    title: 'Temporarily unavailable',
    detail: () => 'A service that we depend on did not respond. Try again in a few seconds.',
  },
} as const satisfies Record<string, Code>

function inWords(fact: Facts[string] | undefined): string {
  return [fact ?? []].flat().join(', ')
}

/** Every reason for a refusal, with its `code`; reasons that would help an attacker share one. */
export const REASONS = {
  request_malformed: 'invalid_request',
  request_too_large: 'request_too_large',
  method_not_allowed: 'method_not_allowed',
  token_missing: 'invalid_token',
  token_malformed: 'invalid_token',
  token_algorithm: 'invalid_token',
  token_signature: 'invalid_token',
  token_expired: 'invalid_token',
  token_claims: 'invalid_token',
  token_kind: 'invalid_token',
  link_invalid: 'not_allowed',
  link_expired: 'not_allowed',
  caller_denied: 'not_allowed',
  deny_list_unavailable: 'unavailable',
  credentials_unavailable: 'unavailable',
  identity_provider_unavailable: 'unavailable',
  rule_unknown: 'rule_not_found',
  caller_not_allowed: 'not_allowed',
  operation_not_allowed: 'not_allowed',
  key_outside_prefix: 'not_allowed',
  mechanism_not_allowed: 'mechanism_not_allowed',
  key_invalid: 'invalid_key',
  file_type_not_allowed: 'file_type_not_allowed',
  file_too_large: 'file_too_large',
  file_too_small: 'file_too_small',
  callback_signature: 'callback_rejected',
  callback_key_url: 'callback_rejected',
  callback_path: 'callback_rejected',
  callback_body: 'callback_rejected',
  ticket_invalid: 'callback_rejected',
  ticket_expired: 'callback_rejected',
  ticket_mismatch: 'callback_rejected',
  rule_withdrawn: 'callback_rejected',
  ticket_used: 'callback_rejected',
  uploader_denied: 'callback_rejected',
  upload_size: 'upload_size_rejected',
  upload_type: 'upload_type_rejected',
  upload_name: 'upload_name_rejected',
  upload_ticket: 'invalid_ticket',
  object_mismatch: 'callback_rejected',
  object_unavailable: 'callback_rejected',
  ledger_unavailable: 'callback_rejected',
  ledger_versioned: 'callback_rejected',
  time_ran_out: 'callback_rejected',
  event_owed: 'unavailable',
  unexpected: 'internal',
  allow_failed: 'internal',
  sts_limit: 'too_many_requests',
  sts_refused: 'internal',
  sts_unavailable: 'unavailable',
} as const satisfies Record<string, keyof typeof CODES>

/** The name of a reason for a refusal, as the log contains it. */
export type Reason = keyof typeof REASONS
/** The `code` of a problem document. */
export type ProblemCode = keyof typeof CODES

/** One issue of a malformed request; `path` is dotted, `''` for the whole body. */
export type Issue = { path: string; message: string }

/** An expected error: `reason` goes to the log, its code and `facts` to the caller. */
export class Refusal extends Error {
  readonly reason: Reason
  readonly facts: Facts
  readonly issues: readonly Issue[]

  constructor(
    reason: Reason,
    facts: Facts = {},
    options: { cause?: unknown; issues?: readonly Issue[] } = {},
  ) {
    super(reason, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'Refusal'
    this.reason = reason
    this.facts = facts
    this.issues = options.issues ?? []
  }

  get code(): ProblemCode {
    return REASONS[this.reason]
  }
}
