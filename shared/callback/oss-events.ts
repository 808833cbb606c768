import * as z from 'zod/mini'
import { type StoredObject, unquote } from './confirm'

/** An object that OSS's trigger says was written. */
export type CreatedObject = { bucket: string; key: string; told: StoredObject }

const text = z.string().check(z.minLength(1))

/** What an OSS trigger delivers, as far as it is read here (Function Compute: OSS trigger, event format). */
const eventsSchema = z.object({
  events: z.array(
    z.object({
      eventName: text,
      eventSource: z.literal('acs:oss'),
      oss: z.object({
        bucket: z.object({ name: text }),
        object: z.object({
          key: text,
          eTag: text,
          size: z.int().check(z.nonnegative()),
          objectMeta: z.optional(z.object({ mimeType: z.optional(z.string()) })),
        }),
      }),
    }),
  ),
})
type OssEvent = z.infer<typeof eventsSchema>['events'][number]

// Copies and appends are made with rights that no grant of ours lends.
const UPLOADS: readonly string[] = [
  'ObjectCreated:PutObject',
  'ObjectCreated:PostObject',
  'ObjectCreated:CompleteMultipartUpload',
]

/** The uploads among these events; undefined for what is no list of OSS events. */
export function parseOssEvents(value: unknown): CreatedObject[] | undefined {
  const parsed = eventsSchema.safeParse(value)
  if (!parsed.success) return undefined
  return parsed.data.events
    .filter(({ eventName }) => UPLOADS.includes(eventName))
    .map(({ oss }) => toCreated(oss))
}

function toCreated({ bucket, object }: OssEvent['oss']): CreatedObject {
  const { key, eTag, size, objectMeta } = object
  const contentType = objectMeta?.mimeType ?? ''
  return {
    bucket: bucket.name,
    key,
    told: { size, etag: unquote(eTag), contentType, metadata: {} },
  }
}
