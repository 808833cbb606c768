import type { RuleInput } from '../../../shared/rules/rule-input'
import { defineRules, MiB } from '../../../shared/rules/rules'

export const UPLOAD: RuleInput = { key: 'files/{sub}/{path}', upload: { maxBytes: MiB } }
export const STS: RuleInput = {
  key: 'files/{sub}/{path}',
  upload: { overwrite: true, mechanisms: ['sts'], unenforced: { sts: ['callback'] } },
}

/** The issues that `defineRules` finds, each a line. */
export function issuesOf(rules: Record<string, unknown>): string[] {
  try {
    defineRules(rules as never)
  } catch (error) {
    const [head, ...issues] = (error as Error).message.split('\n')
    expect(head).toBe('The rules are wrong:')
    return issues.map((issue) => issue.trim())
  }
  return []
}

export function changed(rule: RuleInput, change: object): Record<string, unknown> {
  return { files: { ...rule, ...change } }
}

export function changedUpload(rule: RuleInput, change: object): Record<string, unknown> {
  return { files: { ...rule, upload: { ...rule.upload, ...change } } }
}
