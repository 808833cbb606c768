/** What the local OSS computed and sent for one request, with its secrets masked. */
export interface Inspected {
  requestId: string
  /** Unix ms by the cloud's clock, as all times here. */
  receivedAt: number
  method: string
  operation: string
  status: number
  code?: string
  signature?: Stages
  callbacks: readonly InspectedCallback[]
}

/** The stages of a signature. */
export interface Stages {
  /** Absent for forms and for V1. */
  canonicalRequest?: string
  stringToSign: string
  isRight: boolean
}

/** A callback as OSS sent it, and what came of it. */
export interface InspectedCallback {
  sentAt: number
  answeredAt?: number
  url: string
  headers: Readonly<Record<string, string>>
  body: string
  status?: number
  reason?: string
  checks: readonly { name: string; outcome: 'passed' | 'failed' | 'unknown' }[]
}

/** An upload event and where it is. */
interface UploadEvent {
  state: string
  queuedAt: string
  event: { id: string; subject: string; data: { etag: string } }
}

/** A limit of a rule, and who enforces it by each mechanism. */
export interface Limit {
  limit: string
  /** What the rule says, in its own words. */
  says: string
  enforcers: Readonly<Record<string, string>>
}

/** What the local cloud knows of a key; times are by this device's clock. */
export interface Inspection {
  requests: readonly Inspected[]
  event: UploadEvent | undefined
}

/** Asks the local cloud what it saw of a key. */
export async function inspectKey(key: string): Promise<Inspection> {
  const [{ now, requests }, { events }] = await Promise.all([
    ask<{ now: number; requests: Inspected[] }>('/local/inspect', { key }),
    ask<{ events: UploadEvent[] }>('/local/events'),
  ])
  const behindMs = Date.now() - now
  return {
    requests: requests.map((request) => byOurClock(request, behindMs)),
    event: events
      .filter(({ event }) => event.subject === key)
      .map((each) => withTime(each, behindMs))
      .at(-1),
  }
}

/** Asks the local cloud who enforces the limits of a rule's uploads. */
export async function loadLimits(rule: string): Promise<readonly Limit[]> {
  const { rules } = await ask<{ rules: RuleReport[] }>('/local/limits')
  return rules.find((report) => report.rule === rule)?.upload?.limits ?? []
}

interface RuleReport {
  rule: string
  upload?: { limits: Limit[] }
}

async function ask<T>(path: string, body?: object): Promise<T> {
  const init = body && {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
  const response = await fetch(path, init)
  if (!response.ok) throw new Error(`${path} answered ${response.status}`)
  return response.json()
}

// The clock of a local cloud can be set.
function byOurClock(request: Inspected, behindMs: number): Inspected {
  return {
    ...request,
    receivedAt: request.receivedAt + behindMs,
    callbacks: request.callbacks.map(({ sentAt, answeredAt, ...rest }) => ({
      ...rest,
      sentAt: sentAt + behindMs,
      ...(answeredAt !== undefined && { answeredAt: answeredAt + behindMs }),
    })),
  }
}

function withTime(event: UploadEvent, behindMs: number): UploadEvent {
  return { ...event, queuedAt: new Date(Date.parse(event.queuedAt) + behindMs).toISOString() }
}
