import type { OssRequest } from './wire'

/** What a fault does: an error, a pause before the answer, a reset, or an answer cut off in the middle. */
export type FaultEffect = 503 | { delayMs: number } | 'reset' | 'truncate'

/** Which requests go wrong, how, and how often (always, when `times` is absent). */
export type FaultRule = {
  match: {
    method?: string
    bucket?: string
    /** An exact key, or a prefix that ends in `*`. */
    key?: string
    /** Such as `PutObject`. */
    operation?: string
  }
  respond: FaultEffect
  times?: number
}

/** The faults to inject, each counted down as it strikes. */
export class FaultPlan {
  private rules: FaultRule[] = []

  constructor(rules: readonly FaultRule[]) {
    this.replace(rules)
  }

  /** Forgets all rules and takes these. */
  replace(rules: readonly FaultRule[]): void {
    this.rules = rules.map((rule) => ({ ...rule }))
  }

  /** The effect of the first rule that matches, which is then used up once. */
  take(request: OssRequest, operation: string): FaultEffect | undefined {
    const rule = this.rules.find((candidate) => matches(candidate, request, operation))
    if (rule?.times !== undefined) rule.times -= 1
    return rule?.respond
  }
}

function matches({ match, times }: FaultRule, request: OssRequest, operation: string): boolean {
  return (
    (times ?? 1) > 0 &&
    (match.method ?? request.method) === request.method &&
    (match.bucket ?? request.bucket) === request.bucket &&
    (match.operation ?? operation) === operation &&
    matchesKey(match.key, request.key)
  )
}

function matchesKey(pattern: string | undefined, key: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern
}
