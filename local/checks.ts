import type { Reason } from '../shared/errors'

/** One check of a callback and what came of it; `unknown` where the function did not say, or did not get so far. */
export type CheckOutcome = { name: CheckName; outcome: 'passed' | 'failed' | 'unknown' }

type CheckName = (typeof CHECKS)[number]['name']

// In the order of `proveUpload` of shared/callback; then the ledger.
const CHECKS = [
  { name: 'body', reasons: ['callback_body'] },
  { name: 'ticket', reasons: ['ticket_invalid', 'ticket_expired'] },
  { name: 'sender', reasons: ['callback_path', 'callback_signature', 'callback_key_url'] },
  { name: 'caller', reasons: ['uploader_denied'] },
  { name: 'rule', reasons: ['rule_withdrawn'] },
  { name: 'object', reasons: ['ticket_mismatch'] },
  { name: 'size', reasons: ['upload_size'] },
  { name: 'type', reasons: ['upload_type'] },
  { name: 'name', reasons: ['upload_name'] },
  { name: 'stored', reasons: ['object_mismatch', 'object_unavailable'] },
  { name: 'once', reasons: ['ticket_used', 'ledger_unavailable', 'ledger_versioned'] },
] as const satisfies readonly { name: string; reasons: readonly Reason[] }[]

// What the status alone tells, where a quiet function logs no reason.
const REASON_OF_STATUS: Readonly<Record<number, Reason>> = {
  413: 'upload_size',
  415: 'upload_type',
  422: 'upload_name',
}

/** Returns what came of each check, by the function's answer and the reason in its log. */
export function toOutcomes(answer: {
  status: number | undefined
  reason: string | undefined
}): CheckOutcome[] {
  const { status = 0, reason = REASON_OF_STATUS[status] ?? '' } = answer
  if (status === 200) return CHECKS.map(({ name }) => ({ name, outcome: 'passed' }))
  const failed = CHECKS.findIndex(({ reasons }) => (reasons as readonly string[]).includes(reason))
  return CHECKS.map(({ name }, at) => ({
    name,
    outcome: at === failed ? 'failed' : at < failed ? 'passed' : 'unknown',
  }))
}
