import type { Rules } from '../../shared/rules/rules'
import type { OssEvent, OssEvents } from '../oss/trigger'
import type { Invocations } from './invocations'

/** The OSS triggers of `upload-event`: one for each folder that a rule allows uploads to. */
export type OssTrigger = {
  /** Sets the triggers for these rules. */
  watch: (rules: Rules, defaultBucket: string) => void
  /** Receives the events that OSS publishes when objects are written. */
  onCreated: (events: OssEvents) => Promise<void>
}

type Place = { bucket: string; prefix: string }

const EVENTS = ['PutObject', 'PostObject', 'CopyObject', 'AppendObject', 'CompleteMultipartUpload']
// OSS publishes the event shortly after its response to the request.
const DELAY_MS = 1000

/** Creates triggers that queue each event for `upload-event`, as Function Compute does. */
export function createOssTrigger(queue: Invocations['queue']): OssTrigger {
  let places: Place[] = []
  return {
    watch: (rules, defaultBucket) => {
      places = [...rules.values()]
        .filter(({ upload }) => upload !== undefined)
        .map(({ bucket = defaultBucket, template: { literalPrefix: prefix } }) => ({
          bucket,
          prefix,
        }))
    },
    onCreated: async ({ events }) => {
      for (const event of events) {
        if (isWatched(event, places)) queue('upload-event', { events: [event] }, DELAY_MS)
      }
    },
  }
}

function isWatched({ eventName, oss }: OssEvent, places: readonly Place[]): boolean {
  return (
    EVENTS.some((name) => eventName === `ObjectCreated:${name}`) &&
    places.some(
      ({ bucket, prefix }) => oss.bucket.name === bucket && oss.object.key.startsWith(prefix),
    )
  )
}
