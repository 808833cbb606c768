import { read } from './api'
import { formatBytes } from './format'
import type { Limits } from './limits'
import { isMechanism, type Mechanism } from './mechanisms/mechanisms'
import { countOf, type Fields, textOf, toFields, toList } from './parse'

/** The description of a rule on this page; only the functions enforce it. */
export type RuleNote = {
  name: string
  note: string
  mechanisms: readonly Mechanism[]
  limits: Limits
}

/** Loads the current rules for uploads. */
export async function loadRules(): Promise<RuleNote[]> {
  return toNotes(await read('/local/rules'))
}

/** Parses a response of `GET /local/rules`. @internal */
export function toNotes(answer: Fields): RuleNote[] {
  const rules = toList(answer.rules).map(toFields)
  return rules.filter(({ upload }) => upload !== undefined).map(toNote)
}

function toNote(rule: Fields): RuleNote {
  const upload = toFields(rule.upload)
  const limits = toLimits(upload)
  const callers = rule.isForSome === true ? ' Not for every caller.' : ''
  return {
    name: textOf(rule, 'name'),
    note: `${inWords(limits)}.${callers}`,
    mechanisms: toList(upload.mechanisms).map(String).filter(isMechanism),
    limits,
  }
}

function toLimits(upload: Fields): Limits {
  return {
    contentTypes: toList(upload.contentTypes).map(String),
    minBytes: upload.minBytes === undefined ? 0 : countOf(upload, 'minBytes'),
    maxBytes: upload.maxBytes === undefined ? Infinity : countOf(upload, 'maxBytes'),
  }
}

function inWords({ contentTypes, minBytes, maxBytes }: Limits): string {
  const types = contentTypes.includes('*/*')
    ? 'Any type'
    : new Intl.ListFormat('en', { type: 'disjunction' }).format(contentTypes)
  const least = minBytes > 0 ? `, at least ${formatBytes(minBytes)}` : ''
  const most = maxBytes < Infinity ? `, at most ${formatBytes(maxBytes)}` : ''
  return `${types}${least}${most}`
}
