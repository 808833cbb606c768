import { OPERATION_NAMES } from './operations/table'
import { firstValue, type OssRequest } from './wire'

/** What a fault does: an error, a pause before the answer, a reset, or an answer cut off in the middle. */
export type FaultEffect = 503 | { delayMs: number } | 'reset' | 'truncate'

/** Which requests go wrong, how, and how often (always, when `times` is absent). */
export type FaultRule = {
  match: {
    method?: string
    bucket?: string
    /** An exact key, or a prefix that ends in `*`; the URL's: a form's key is in its body. */
    key?: string
    /** One of `FAULT_OPERATIONS`. */
    operation?: string
  }
  respond: FaultEffect
  times?: number
}

const LISTING_V2 = 'ListObjectsV2'

/** What `operation` may be; `ListObjects` stands for both versions of it. */
export const FAULT_OPERATIONS: readonly string[] = [...OPERATION_NAMES, LISTING_V2]

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
    matchesOperation(match.operation, request, operation) &&
    matchesKey(match.key, request.key)
  )
}

function matchesOperation(
  wanted: string | undefined,
  { query }: OssRequest,
  operation: string,
): boolean {
  if (wanted !== LISTING_V2) return (wanted ?? operation) === operation
  return operation === 'ListObjects' && firstValue(query, 'list-type') === '2'
}

function matchesKey(pattern: string | undefined, key: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern
}
