import type { Api } from './api'
import { OssDirectError } from './errors'
import { retrying } from './retry'
import type { RuleDescription } from './shared-types'

const KEPT_MS = 300_000

/** The rules of the caller, kept for five minutes. */
export interface Rules {
  all(signal: AbortSignal): Promise<readonly RuleDescription[]>
  /** Returns the rule of this name; asks again before it says that there is none. */
  find(name: string, signal: AbortSignal): Promise<RuleDescription>
  /** Forgets rules that were requested before this time; returns false if there were none. */
  dropOlder(than: number): boolean
}

/** Creates the store of rules. */
export function createRules(api: Api): Rules {
  let kept: { at: number; list: Promise<readonly RuleDescription[]> } | undefined

  function load(): Promise<readonly RuleDescription[]> {
    // Not the signal of whoever asks first: others wait for the same answer.
    const { signal } = new AbortController()
    const list = retrying(() => api.ask('/signed-url', { operation: 'rules' }), { signal })
    return list.then(({ rules }) => rules as readonly RuleDescription[])
  }

  const rules: Rules = {
    async all(signal) {
      if (!kept || Date.now() - kept.at >= KEPT_MS) kept = { at: Date.now(), list: load() }
      const { list } = kept
      try {
        return await list
      } catch (error) {
        if (kept?.list === list) kept = undefined
        throw error
      } finally {
        signal.throwIfAborted()
      }
    },
    async find(name, signal) {
      const begun = Date.now()
      const find = async () => (await rules.all(signal)).find((rule) => rule.name === name)
      const found = (await find()) ?? (rules.dropOlder(begun) ? await find() : undefined)
      if (found) return found
      throw new OssDirectError(`There is no rule "${name}" for this caller.`, {
        code: 'rule_not_found',
        retryable: false,
      })
    },
    dropOlder(than) {
      if (!kept || kept.at >= than) return false
      kept = undefined
      return true
    },
  }
  return rules
}
