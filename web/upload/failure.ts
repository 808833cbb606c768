import { OssDirectError } from '../../client'
import type { MessageId, MessageValues } from '../i18n/i18n'
import type { NameIssue } from './name'

/** Why something failed, in sentences of either language. */
export interface Failure {
  /** Stable: the code of the functions or of the client. */
  code: string
  title: MessageId
  /** What to do next. */
  advice?: MessageId
  values: MessageValues
  /** What a developer may look for: codes and request ids of OSS and of the functions. */
  trace: readonly string[]
}

type Words = readonly [title: MessageId, advice?: MessageId]

/** What is said of a code of the functions or of the client. */
const BY_CODE: Readonly<Record<string, Words>> = {
  already_exists: ['fail.exists', 'fail.exists.advice'],
  answer_lost: ['fail.answerLost', 'fail.answerLost.advice'],
  callback_rejected: ['fail.unproven', 'fail.unproven.advice'],
  file_too_large: ['fail.tooLarge'],
  file_too_small: ['fail.tooSmall'],
  file_type_not_allowed: ['fail.type'],
  file_unreadable: ['fail.unreadable', 'fail.unreadable.advice'],
  internal: ['fail.server', 'fail.later'],
  invalid_key: ['fail.name', 'fail.name.advice'],
  invalid_token: ['fail.token', 'fail.token.advice'],
  mechanism_not_allowed: ['fail.way', 'fail.way.advice'],
  network: ['fail.network', 'fail.network.advice'],
  not_allowed: ['fail.notAllowed', 'fail.notAllowed.advice'],
  not_found: ['fail.gone'],
  outcome_unknown: ['fail.unknownOutcome', 'fail.unknownOutcome.advice'],
  rule_not_found: ['fail.noRule', 'fail.noRule.advice'],
  stalled: ['fail.stalled', 'fail.network.advice'],
  token_unavailable: ['fail.signIn', 'fail.signIn.advice'],
  unavailable: ['fail.server', 'fail.later'],
  unexpected_answer: ['fail.unexpected', 'fail.unexpected.advice'],
  upload_name_rejected: ['fail.unproven', 'fail.unproven.name'],
  upload_not_found: ['fail.uploadGone', 'fail.again'],
  upload_size_rejected: ['fail.unproven', 'fail.unproven.size'],
  upload_type_rejected: ['fail.unproven', 'fail.unproven.type'],
  url_expired: ['fail.expired', 'fail.again'],
}

/** What is said of OSS's own codes, where no code of the client says more. */
const BY_OSS_CODE: Readonly<Record<string, Words>> = {
  AccessDenied: ['fail.denied', 'fail.denied.advice'],
  EntityTooLarge: ['fail.ossTooLarge'],
  EntityTooSmall: ['fail.ossTooSmall'],
  FileImmutable: ['fail.locked', 'fail.locked.advice'],
  InvalidAccessKeyId: ['fail.credentials', 'fail.again'],
  RequestTimeTooSkewed: ['fail.clock', 'fail.clock.advice'],
  SecurityTokenExpired: ['fail.expired', 'fail.again'],
  SignatureDoesNotMatch: ['fail.signature', 'fail.signature.advice'],
}

/** Converts any error to what is said of it. */
export function toFailure(error: unknown): Failure {
  if (isFailure(error)) return error
  if (!(error instanceof OssDirectError)) {
    return { code: 'unexpected', title: 'fail.other', values: {}, trace: [String(error)] }
  }
  const { code, oss, status, requestId } = error
  const byOss = oss && code === 'refused' ? BY_OSS_CODE[oss.code] : undefined
  const [title, advice] = byOss ?? BY_CODE[code] ?? ['fail.other', adviceOf(error)]
  const trace = [code, status, oss?.code, oss?.ec, oss?.requestId ?? requestId]
  return {
    code,
    title,
    ...(advice && { advice }),
    values: {},
    trace: [
      [...new Set(trace.map((each) => each ?? ''))].filter(Boolean).join(' · '),
      // For a developer; a person has the sentences above.
      ...(title === 'fail.other' ? [error.message] : []),
    ],
  }
}

/** Returns what is said of a file that is not sent, with the code of the functions that would refuse it. */
export function refusedFile(code: string, words: Words, values: MessageValues = {}): Failure {
  const [title, advice] = words
  return { code, title, ...(advice && { advice }), values, trace: [code] }
}

/** Returns what is said of a name that can't be stored. */
export function refusedName(issue: NameIssue): Failure {
  const words = [`fail.name.${issue.what}`, 'fail.name.advice'] as const
  const { what: _, ...values } = issue
  return refusedFile('invalid_key', words, values)
}

function adviceOf({ retryable }: OssDirectError): MessageId {
  return retryable ? 'fail.later' : 'fail.report'
}

function isFailure(error: unknown): error is Failure {
  return error instanceof Object && 'title' in error && 'trace' in error
}
