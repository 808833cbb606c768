import { denyAcls, type RoleContext, rolePolicies } from './role-policy'
import type { Rules } from './rules'
import type { RamPolicy, RamStatement } from './session-policy'

/** The functions whose requests the web server answers. */
export const SERVED_FUNCTIONS = ['sts', 'signed-url', 'post-policy', 'upload-callback'] as const

/**
 * Returns the minimum policy of the role of the web server: what the four functions that it replaces may do together, without
 * the ACLs that none of them may set.
 */
function webServerPolicy(rules: Rules, context: RoleContext): RamPolicy {
  const policies = rolePolicies(rules, context)
  const statements = SERVED_FUNCTIONS.flatMap((name) => policies[name].Statement)
  const allowed = statements.filter(({ Effect }) => Effect === 'Allow')
  const signed = [...rules.values()].filter(({ upload }) =>
    upload?.mechanisms.some((mechanism) => mechanism === 'url' || mechanism === 'form'),
  )
  return {
    Version: '1',
    Statement:
      allowed.length > 0
        ? [...merge(allowed), ...denyAcls(signed, context)]
        : statements.slice(0, 1),
  }
}

/** Returns the policies of all roles where the web server replaces these functions. */
export function webServerPolicies(rules: Rules, context: RoleContext): Record<string, RamPolicy> {
  const served: readonly string[] = SERVED_FUNCTIONS
  const others = Object.entries(rolePolicies(rules, context)).filter(
    ([name]) => !served.includes(name),
  )
  return { 'web-server': webServerPolicy(rules, context), ...Object.fromEntries(others) }
}

// RAM limits the length of a policy, and the four have many statements in common.
function merge(statements: readonly RamStatement[]): RamStatement[] {
  const merged = new Map<string, RamStatement>()
  for (const statement of statements) {
    const { Resource, ...rest } = statement
    const key = JSON.stringify(rest)
    const resources = [...(merged.get(key)?.Resource ?? []), ...Resource]
    merged.set(key, { ...statement, Resource: [...new Set(resources)].sort() })
  }
  return [...merged.values()]
}
