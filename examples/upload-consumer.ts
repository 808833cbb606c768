/** What oss-direct tells of a proven upload; `docs/upload-event.schema.json` has all of it. */
type UploadEvent = {
  id: string
  time?: string
  data: { rule: string; sub?: string; bucket: string; key: string; size: number; etag: string }
}

/**
 * A function that upload events go to. Function Compute queues them and tries again when this rejects, so an event can
 * come more than once: `id` is the same then, and whatever is done here is done once for each.
 */
export async function handler(event: Buffer): Promise<string> {
  const { id, data } = JSON.parse(event.toString('utf8')) as UploadEvent
  // Here your database would insert the row for `id`, or find that it is there already.
  const { rule, sub, key, size } = data
  console.log(JSON.stringify({ event: 'upload received', id, rule, sub, key, size }))
  return ''
}
