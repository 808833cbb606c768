import * as v from 'valibot'
import type { Rules } from '../shared/rules/rules'
import { parseRequest } from '../shared/schema/issues'
import { strictObject } from '../shared/schema/schema'
import { reportRules } from '../tools/rules-report'
import { type CheckOutcome, toOutcomes } from './checks'
import { get, post } from './control'
import type { LocalRoute } from './fc/gateway'
import { maskHeaders, maskText } from './mask'
import type { ObservedCallback, ObservedSignature } from './oss/notes'
import type { Observation } from './oss/recorder'

/** A request to OSS as the inspector shows it: no signature, token or secret is in it. */
export type InspectedRequest = {
  requestId: string
  /** Unix ms by the cloud's clock, as all times here. */
  receivedAt: number
  method: string
  operation: string
  who: string
  status: number
  code?: string
  ec?: string
  signature?: ObservedSignature
  callbacks: InspectedCallback[]
}

type InspectedCallback = {
  sentAt: number
  answeredAt?: number
  url: string
  headers: Record<string, string>
  body: string
  status?: number
  /** Why the function refused, as its log says. */
  reason?: string
  checks: CheckOutcome[]
}

/** The latest requests to OSS, by the key that they are about. */
export type Inspections = {
  observe: (observation: Observation) => void
  /** Reads a line of a function's log. */
  readLog: (line: string) => void
  /** Returns the latest requests about a key, oldest first. */
  find: (key: string) => InspectedRequest[]
}

type Kept = { key: string; request: InspectedRequest; functionRequestIds: (string | undefined)[] }

const KEPT = 500
const SHOWN = 50
const inspectRequest = strictObject({ key: v.pipe(v.string(), v.minLength(1), v.maxLength(1023)) })

/** Creates the empty memory of the latest 500 requests; secrets are masked before they are kept. */
export function createInspections(): Inspections {
  const kept: Kept[] = []
  const reasons = new Map<string, string>()
  return {
    observe(observation) {
      // What the functions keep for themselves is nobody's upload.
      const { key } = observation
      if (!key || key.startsWith('.oss-direct/')) return
      const functionRequestIds = observation.callbacks.map(functionRequestIdOf)
      kept.push({ key, request: toInspected(observation), functionRequestIds })
      if (kept.length > KEPT) kept.shift()
    },
    readLog(line) {
      const { requestId, reason } = parseLine(line)
      if (typeof requestId !== 'string' || typeof reason !== 'string') return
      reasons.set(requestId, reason)
      if (reasons.size > KEPT) reasons.delete(reasons.keys().next().value as string)
    },
    find: (key) =>
      kept
        .filter((each) => each.key === key)
        .slice(-SHOWN)
        .map(({ request, functionRequestIds }) => ({
          ...request,
          callbacks: request.callbacks.map((callback, at) =>
            withReason(callback, reasons.get(functionRequestIds[at] ?? '')),
          ),
        })),
  }
}

/** Returns the routes of the page's inspector: who enforces which limit, and what OSS computed and sent for a key. */
export function inspectRoutes(cloud: {
  inspections: Inspections
  rules: () => Promise<Rules>
  now: () => number
}): LocalRoute[] {
  const { inspections, rules, now } = cloud
  return [
    get('/local/limits', async () => ({ rules: reportRules(await rules()) })),
    post('/local/inspect', (body) => {
      const { key } = parseRequest(inspectRequest, body)
      return { now: now(), requests: inspections.find(key) }
    }),
  ]
}

function toInspected(observation: Observation): InspectedRequest {
  const { requestId, receivedAt, method, operation = '', who, status, code, ec } = observation
  const { signature } = observation
  return {
    ...{ requestId, receivedAt, method, operation, who, status },
    ...(code !== undefined && { code }),
    ...(ec !== undefined && { ec }),
    ...(signature && { signature: maskStages(signature) }),
    callbacks: observation.callbacks.map(toCallback),
  }
}

function maskStages({ canonicalRequest, stringToSign, ...rest }: ObservedSignature) {
  return {
    ...rest,
    ...(canonicalRequest !== undefined && { canonicalRequest: maskText(canonicalRequest) }),
    stringToSign: maskText(stringToSign),
  }
}

function toCallback(callback: ObservedCallback): InspectedCallback {
  const { sentAt, answeredAt, url, headers, body, status } = callback
  return {
    sentAt,
    ...(answeredAt !== undefined && { answeredAt }),
    ...{ url: maskText(url), headers: maskHeaders(headers), body: maskText(body) },
    ...(status !== undefined && { status }),
    checks: toOutcomes({ status, reason: undefined }),
  }
}

// Function Compute names each request in its answer.
function functionRequestIdOf({ answerHeaders }: ObservedCallback): string | undefined {
  return answerHeaders?.['x-fc-request-id']?.toString()
}

// The function writes its log after it has answered.
function withReason(callback: InspectedCallback, reason: string | undefined): InspectedCallback {
  if (reason === undefined) return callback
  return { ...callback, reason, checks: toOutcomes({ status: callback.status, reason }) }
}

function parseLine(line: string): { requestId?: unknown; reason?: unknown } {
  try {
    return Object(JSON.parse(line))
  } catch {
    // A line that a function wrote by itself.
    return {}
  }
}
