import type { Created } from './cloud'

/** One ObjectCreated event, as an OSS trigger passes it to a function. */
export type OssEvent = {
  eventName: string
  eventSource: 'acs:oss'
  eventTime: string
  eventVersion: '1.0'
  oss: {
    bucket: { arn: string; name: string; ownerIdentity: string }
    object: {
      deltaSize: number
      eTag: string
      key: string
      objectMeta: { mimeType: string; userMeta: Record<string, string> }
      size: number
    }
    ossSchemaVersion: '1.0'
    ruleId: string
  }
  region: string
  requestParameters: { sourceIPAddress: string }
  responseElements: { requestId: string }
  userIdentity: { principalId: string }
}

/** The payload of a trigger: a list, in practice of one event. */
export type OssEvents = { events: OssEvent[] }

const RETRY_MS = [100, 1000, 5000, 15_000, 30_000]

/** Returns the event for an object that was just written. */
export function toEvents(
  created: Created,
  { region, accountId, now }: { region: string; accountId: string; now: number },
): OssEvents {
  const { operation, bucket, record, deltaSize, request, principal } = created
  const event: OssEvent = {
    eventName: `ObjectCreated:${operation}`,
    eventSource: 'acs:oss',
    eventTime: new Date(now).toISOString(),
    eventVersion: '1.0',
    oss: {
      bucket: {
        arn: `acs:oss:${region}:${accountId}:${bucket}`,
        name: bucket,
        ownerIdentity: accountId,
      },
      object: {
        deltaSize,
        eTag: record.etag,
        key: record.key,
        objectMeta: {
          mimeType: record.headers['content-type'] ?? 'application/octet-stream',
          userMeta: userMetaOf(record.headers),
        },
        size: record.size,
      },
      ossSchemaVersion: '1.0',
      ruleId: 'local',
    },
    region,
    requestParameters: { sourceIPAddress: request.clientIp },
    responseElements: { requestId: request.requestId },
    userIdentity: { principalId: principal?.id ?? '' },
  }
  return { events: [event] }
}

/**
 * Delivers events in the background and retries failed deliveries; `stop` cancels those that are
 * waiting.
 */
export class Trigger {
  private readonly deliver: (events: OssEvents) => Promise<void>
  private readonly timers = new Set<NodeJS.Timeout>()
  private isStopped = false

  constructor(deliver: (events: OssEvents) => Promise<void>) {
    this.deliver = deliver
  }

  offer(events: OssEvents): void {
    this.later(0, () => this.attempt(events, 0))
  }

  stop(): void {
    this.isStopped = true
    for (const timer of this.timers) clearTimeout(timer)
    this.timers.clear()
  }

  private attempt(events: OssEvents, tries: number): void {
    this.deliver(events).catch(() => {
      const wait = RETRY_MS[tries]
      if (wait !== undefined && !this.isStopped) {
        this.later(wait, () => this.attempt(events, tries + 1))
      }
    })
  }

  private later(waitMs: number, run: () => void): void {
    const timer = setTimeout(() => {
      this.timers.delete(timer)
      run()
    }, waitMs)
    this.timers.add(timer.unref())
  }
}

function userMetaOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.startsWith('x-oss-meta-')),
  )
}
