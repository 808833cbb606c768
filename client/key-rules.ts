import { refusal } from './errors'

const MOST = 5000

/** The rules by which keys were uploaded or listed. */
export interface KeyRules {
  remember(key: string, rule: string): void
  /** Returns the rule that is given, else the remembered one; throws `rule_required`. */
  find(key: string, given: string | undefined): string
}

/** Creates the memory of the last 5,000 keys. */
export function createKeyRules(): KeyRules {
  const rules = new Map<string, string>()
  return {
    remember(key, rule) {
      rules.delete(key)
      rules.set(key, rule)
      if (rules.size > MOST) rules.delete(rules.keys().next().value as string)
    },
    find(key, given = rules.get(key)) {
      if (given) return given
      throw refusal(
        'rule_required',
        'The rule of this key is not known here: pass it, as { rule: "…" }.',
      )
    },
  }
}
