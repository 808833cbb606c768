import { isV1 } from './auth/verify'
import { OPERATION_NAMES } from './operations/table'
import { firstValue, type Headers, type OssRequest } from './wire'

/** Whose requests a fault may mean: the functions read and write objects as well. */
export const FAULT_SENDERS = ['clients', 'functions', 'all'] as const

/**
 * The effects that are words: a reset, an answer cut off in the middle, and what OSS refuses to new
 * accounts, V1 signatures and data at its own public domain.
 */
export const FAULT_WORDS = ['reset', 'truncate', 'v1Refused', 'publicEndpointForbidden'] as const

/** What a fault does: an error, a pause before the answer, or what its word says. */
export type FaultEffect = 503 | { delayMs: number } | (typeof FAULT_WORDS)[number]

/** Which requests go wrong, how, and how often (always, when `times` is absent). */
export type FaultRule = {
  match: {
    method?: string
    bucket?: string
    /** An exact key, or a prefix that ends in `*`; the URL's: a form's key is in its body. */
    key?: string
    /** One of `FAULT_OPERATIONS`. */
    operation?: string
    /** Whose requests; those of clients when absent. */
    who?: (typeof FAULT_SENDERS)[number]
  }
  respond: FaultEffect
  times?: number
}

// What OSS counts as data of a bucket: the rest of its operations, but for those on objects, manage it.
const DATA_OF_BUCKETS = new Set([
  'PostObject',
  'DeleteMultipleObjects',
  'ListObjects',
  'ListMultipartUploads',
])

const LISTING_V2 = 'ListObjectsV2'

/** What `operation` may be; `ListObjects` stands for both versions of it. */
export const FAULT_OPERATIONS: readonly string[] = [...OPERATION_NAMES, LISTING_V2]

/** The faults to inject, each counted down as it strikes. */
export class FaultPlan {
  private rules: FaultRule[] = []
  private readonly isFunctionRequest: (headers: Headers) => boolean

  constructor(
    rules: readonly FaultRule[],
    isFunctionRequest: (headers: Headers) => boolean = () => false,
  ) {
    this.isFunctionRequest = isFunctionRequest
    this.replace(rules)
  }

  /** Forgets all rules and takes these. */
  replace(rules: readonly FaultRule[]): void {
    this.rules = rules.map((rule) => ({ ...rule }))
  }

  /** The first rule that matches, used up once. */
  take(request: OssRequest, operation: string): FaultRule | undefined {
    const sender = this.isFunctionRequest(request.headers) ? 'functions' : 'clients'
    const rule = this.rules.find(
      (candidate) =>
        [sender, 'all'].includes(candidate.match.who ?? 'clients') &&
        matches(candidate, request, operation),
    )
    if (rule?.times !== undefined) rule.times -= 1
    return rule
  }

  /** Takes the use of a rule back, which did not strike after all. */
  giveBack(rule: FaultRule): void {
    if (rule.times !== undefined) rule.times += 1
  }
}

function matches(rule: FaultRule, request: OssRequest, operation: string): boolean {
  const { match, times, respond } = rule
  return (
    concerns(respond, request, operation) &&
    (times ?? 1) > 0 &&
    (match.method ?? request.method) === request.method &&
    (match.bucket ?? request.bucket) === request.bucket &&
    matchesOperation(match.operation, request, operation) &&
    matchesKey(match.key, request.key)
  )
}

// A refusal that is not for every request.
function concerns(effect: FaultEffect, request: OssRequest, operation: string): boolean {
  if (effect === 'v1Refused') return operation === 'PostObject' || isV1(request)
  if (effect !== 'publicEndpointForbidden') return true
  const isData = DATA_OF_BUCKETS.has(operation) || (operation !== '' && request.key !== '')
  return request.isPublicEndpoint && isData && operation !== 'OptionObject'
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
