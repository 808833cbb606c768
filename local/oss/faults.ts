import { isV1 } from './auth/verify'
import { OPERATION_NAMES } from './operations/table'
import { firstValue, type Headers, type OssRequest } from './wire'

/** The senders whose requests a fault can match; the functions read and write objects too. */
export const FAULT_SENDERS = ['clients', 'functions', 'all'] as const

/**
 * The effects given by name: a connection reset, a truncated response, and two refusals that new
 * accounts get from OSS: of V1 signatures and of data requests at the public endpoint. Last, a bucket
 * whose versioning is suspended.
 */
export const FAULT_WORDS = [
  'reset',
  'truncate',
  'v1Refused',
  'publicEndpointForbidden',
  'versioned',
] as const

/** The effect of a fault: a 503, a delay before the response, or a named effect. */
export type FaultEffect = 503 | { delayMs: number } | (typeof FAULT_WORDS)[number]

/**
 * A fault: the requests that it matches, its effect, and how many times it applies (always, when
 * `times` is absent).
 */
export type FaultRule = {
  match: {
    method?: string
    bucket?: string
    /**
     * An exact key, or a prefix that ends in `*`. Matches the key in the URL, so not that of a
     * form.
     */
    key?: string
    /** One of `FAULT_OPERATIONS`. */
    operation?: string
    /** The sender; clients when absent. */
    who?: (typeof FAULT_SENDERS)[number]
  }
  respond: FaultEffect
  times?: number
}

// The bucket operations that OSS counts as data operations; the others, those on objects aside, are
// management.
const DATA_OF_BUCKETS = new Set([
  'PostObject',
  'DeleteMultipleObjects',
  'ListObjects',
  'ListMultipartUploads',
])

// The operations that versioning changes, of those that are emulated.
const VERSIONED = new Set(['GetBucketVersioning', 'PutObject'])

const LISTING_V2 = 'ListObjectsV2'

/** The values of `operation`; `ListObjects` stands for both of its versions. */
export const FAULT_OPERATIONS: readonly string[] = [...OPERATION_NAMES, LISTING_V2]

/** The faults to inject; each counts down when it applies. */
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

  /** Replaces all rules. */
  replace(rules: readonly FaultRule[]): void {
    this.rules = rules.map((rule) => ({ ...rule }))
  }

  /** Returns the first rule that matches and counts one use of it. */
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

  /** Uncounts a use of a rule that had no effect. */
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

// Three effects apply to some requests only.
function concerns(effect: FaultEffect, request: OssRequest, operation: string): boolean {
  if (effect === 'v1Refused') return operation === 'PostObject' || isV1(request)
  if (effect === 'versioned') return VERSIONED.has(operation)
  if (effect !== 'publicEndpointForbidden') return true
  const isData = DATA_OF_BUCKETS.has(operation) || (operation !== '' && request.key !== '')
  return request.isPublicEndpoint && isData && operation !== 'OptionObject'
}

function matchesOperation(
  wantedOperation: string | undefined,
  { query }: OssRequest,
  operation: string,
): boolean {
  if (wantedOperation !== LISTING_V2) return (wantedOperation ?? operation) === operation
  return operation === 'ListObjects' && firstValue(query, 'list-type') === '2'
}

function matchesKey(pattern: string | undefined, key: string): boolean {
  if (pattern === undefined) return true
  return pattern.endsWith('*') ? key.startsWith(pattern.slice(0, -1)) : key === pattern
}
