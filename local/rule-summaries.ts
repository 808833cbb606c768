import type { Rule } from '../shared/rules/rule'
import type { Rules } from '../shared/rules/rules'

/** What a page may say of a rule before it asks; who is allowed and where objects go is for the functions to say. */
export type RuleSummary = {
  name: string
  /** Whether the rule chooses among callers. */
  isForSome: boolean
  /** Absent for a rule that takes no uploads. */
  upload?: {
    contentTypes: readonly string[]
    /** Absent when the rule says nothing about sizes. */
    minBytes?: number
    maxBytes?: number
    mechanisms: readonly string[]
  }
}

/** These rules in a few plain words each, in the order of the file. */
export function summarizeRules(rules: Rules): RuleSummary[] {
  return [...rules.values()].map(({ name, allow, upload }) => ({
    name,
    isForSome: allow !== undefined,
    ...(upload && { upload: summarizeUpload(upload) }),
  }))
}

function summarizeUpload(upload: NonNullable<Rule['upload']>) {
  const { contentTypes, minBytes, maxBytes, isSized, mechanisms } = upload
  return { contentTypes, ...(isSized && { minBytes, maxBytes }), mechanisms }
}
