import { read } from './api'
import { formatBytes } from './format'
import { isMechanism, type Mechanism } from './mechanisms/mechanisms'
import { countOf, type Fields, textOf, toFields, toList } from './parse'

/** The description of a rule on this page; only the functions enforce it. */
export type RuleNote = { name: string; note: string; mechanisms: readonly Mechanism[] }

/** Loads the current rules for uploads. */
export async function loadRules(): Promise<RuleNote[]> {
  return toNotes(await read('/local/rules'))
}

/** Parses a response of `GET /local/rules`. */
export function toNotes(answer: Fields): RuleNote[] {
  const rules = toList(answer.rules).map(toFields)
  return rules.filter(({ upload }) => upload !== undefined).map(toNote)
}

function toNote(rule: Fields): RuleNote {
  const upload = toFields(rule.upload)
  const types = toList(upload.contentTypes).map(String)
  const size =
    upload.maxBytes === undefined ? '' : `, at most ${formatBytes(countOf(upload, 'maxBytes'))}`
  const callers = rule.isForSome === true ? ' Not for every caller.' : ''
  return {
    name: textOf(rule, 'name'),
    note: `${inWords(types)}${size}.${callers}`,
    mechanisms: toList(upload.mechanisms).map(String).filter(isMechanism),
  }
}

function inWords(types: readonly string[]): string {
  if (types.includes('*/*')) return 'Any type'
  return new Intl.ListFormat('en', { type: 'disjunction' }).format(types)
}
