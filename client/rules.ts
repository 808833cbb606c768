import type { Api } from './api'
import { createCache } from './cache'
import { OssDirectError, refusal } from './errors'
import type { RuleDescription } from './shared-types'
import { askPatiently } from './signed'

const KEPT_MS = 300_000

// A rule can change while its description is kept.
const OUTDATED = /^(rule_not_found|(mechanism_)?not_allowed|file_(type|too)_.*)$/

/** The rules of the caller, kept for five minutes. */
export interface Rules {
  all(): Promise<readonly RuleDescription[]>
  /** Runs a task with the rule of this name; once more, with the rules of now, if kept ones may be why it was refused. */
  use<T>(name: string, task: (rule: RuleDescription) => Promise<T>): Promise<T>
}

/** Creates the store of the rules. */
export function createRules(api: Api): Rules {
  const cache = createCache<readonly RuleDescription[]>(api.now)
  let requestedAt = 0

  const all = () =>
    cache.get('', async () => {
      requestedAt = Date.now()
      const answer = await askPatiently((signal) =>
        api.ask('/signed-url', { operation: 'rules' }, signal),
      )
      return { value: answer.rules as RuleDescription[], renewAt: api.now() + KEPT_MS }
    })

  async function find(name: string): Promise<RuleDescription> {
    const found = (await all()).find((rule) => rule.name === name)
    if (found) return found
    throw refusal('rule_not_found', `There is no rule "${name}" for this caller.`)
  }

  return {
    all,
    async use(name, task) {
      const begun = Date.now()
      for (;;) {
        try {
          return await task(await find(name))
        } catch (error) {
          const isOutdated = error instanceof OssDirectError && OUTDATED.test(error.code)
          if (!isOutdated || requestedAt >= begun) throw error
          cache.drop('')
        }
      }
    },
  }
}
