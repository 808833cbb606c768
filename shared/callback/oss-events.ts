import * as v from 'valibot'
import { integer, isObject, nonEmptyString } from '../schema/schema'
import { parseJson } from '../text'
import { type StoredObject, unquote } from './stored-object'

/** A written object that OSS's trigger reports. */
export type CreatedObject = { bucket: string; key: string; reported: StoredObject }

/** The members of an OSS trigger's event that are read here (Function Compute: OSS trigger, event format). */
const eventSchema = v.object({
  eventName: nonEmptyString,
  eventSource: v.literal('acs:oss'),
  oss: v.object({
    bucket: v.object({ name: nonEmptyString }),
    object: v.object({
      key: nonEmptyString,
      eTag: nonEmptyString,
      size: integer(0),
      objectMeta: v.optional(v.object({ mimeType: v.optional(v.string()) })),
    }),
  }),
})
type OssEvent = v.InferOutput<typeof eventSchema>

const eventsSchema = v.object({ events: v.array(eventSchema) })

/** An event of OSS that EventBridge passes on in a CloudEvents envelope (EventBridge: OSS events). */
const envelopeSchema = v.pipe(
  v.object({ specversion: v.literal('1.0'), source: v.literal('acs.oss'), data: eventSchema }),
  v.transform(({ data }) => ({ events: [data] })),
)

// Every operation that STS credentials can write an object with: oss:PutObject includes copies and appends.
const UPLOADS: readonly string[] = [
  'ObjectCreated:PutObject',
  'ObjectCreated:PostObject',
  'ObjectCreated:CopyObject',
  'ObjectCreated:AppendObject',
  'ObjectCreated:CompleteMultipartUpload',
]

/** The record of an invocation that failed for good (Function Compute: destinations of asynchronous invocations). */
const recordSchema = v.object({ requestPayload: v.union([v.string(), v.object({})]) })

/** Returns the events of OSS that an invocation failed to process, unchanged; undefined for anything else. */
export function parseMissed(record: unknown): Record<string, unknown> | undefined {
  const parsed = v.safeParse(recordSchema, record)
  if (!parsed.success) return undefined
  const { requestPayload } = record as { requestPayload: unknown }
  const events = typeof requestPayload === 'string' ? parseJson(requestPayload) : requestPayload
  return isObject(events) && parseOssEvents(events) !== undefined ? events : undefined
}

/** Returns the uploads in the event of a trigger of OSS or EventBridge; undefined for anything else. */
export function parseOssEvents(value: unknown): CreatedObject[] | undefined {
  const parsed = v.safeParse(v.union([eventsSchema, envelopeSchema]), value)
  if (!parsed.success) return undefined
  return parsed.output.events
    .filter(({ eventName }) => UPLOADS.includes(eventName))
    .map(({ oss }) => toCreated(oss))
}

function toCreated({ bucket, object }: OssEvent['oss']): CreatedObject {
  const { key, eTag, size, objectMeta } = object
  const contentType = objectMeta?.mimeType ?? ''
  return {
    bucket: bucket.name,
    key,
    reported: { size, etag: unquote(eTag), contentType, metadata: {} },
  }
}
