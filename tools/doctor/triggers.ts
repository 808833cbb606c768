import type { Finding } from '../findings'

/** A trigger of the manifest or of a live function. */
export type LiveTrigger = { triggerType: string; sourceArn?: string; triggerConfig: object }

/** What a trigger of OSS watches. */
export type OssPlace = { bucket: string; prefix: string; suffix: string; events: string[] }

// OSS: native triggers of a bucket, those of all applications.
const MAX_TRIGGERS = 10

/** Returns what the triggers of OSS among these watch. */
export function ossPlaces(triggers: readonly LiveTrigger[]): OssPlace[] {
  return triggers
    .filter(({ triggerType }) => triggerType === 'oss')
    .map(({ sourceArn = '', triggerConfig }) => {
      const { events = [], filter } = triggerConfig as {
        events?: string[]
        filter?: { key?: { prefix?: string; suffix?: string } }
      }
      const { prefix = '', suffix = '' } = filter?.key ?? {}
      return { bucket: sourceArn.split(':').at(-1) ?? '', prefix, suffix, events }
    })
}

/** Says which triggers of other functions OSS would not take beside these. */
export function findOverlaps(
  wanted: readonly OssPlace[],
  others: readonly (OssPlace & { functionName: string })[],
): Finding[] {
  const subject = 'triggers'
  const overlapping = others.filter((other) => wanted.some((place) => overlaps(place, other)))
  const buckets = [...new Set(wanted.map(({ bucket }) => bucket))]
  const full = buckets.flatMap((bucket) => {
    const count = [...wanted, ...others].filter((each) => each.bucket === bucket).length
    return count > MAX_TRIGGERS ? [{ bucket, count }] : []
  })
  return [
    ...overlapping.map(({ functionName, bucket, prefix }): Finding => {
      const what = `overlap with one of ${functionName} on ${bucket}/${prefix}`
      const why = 'OSS refuses triggers that overlap: the deployment stops there'
      return { state: 'wrong', subject, what, why, fix: 'use another folder, or EventBridge' }
    }),
    ...full.map(({ bucket, count }): Finding => {
      const what = `of ${bucket} come to ${count} with those of other functions`
      const why = `a bucket has at most ${MAX_TRIGGERS}`
      return { state: 'wrong', subject, what, why, fix: 'use EventBridge: docs/deploy.md' }
    }),
  ]
}

function overlaps(left: OssPlace, right: OssPlace): boolean {
  return (
    left.bucket === right.bucket &&
    isWithin(left.prefix, right.prefix, 'startsWith') &&
    isWithin(left.suffix, right.suffix, 'endsWith') &&
    left.events.some((event) => right.events.some((other) => isSameEvent(event, other)))
  )
}

function isWithin(left: string, right: string, test: 'startsWith' | 'endsWith'): boolean {
  return left[test](right) || right[test](left)
}

// `oss:ObjectCreated:*` is every event of its kind.
function isSameEvent(left: string, right: string): boolean {
  const covers = (pattern: string, event: string) =>
    pattern.endsWith('*') ? event.startsWith(pattern.slice(0, -1)) : pattern === event
  return covers(left, right) || covers(right, left)
}
