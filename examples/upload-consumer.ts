/** Some members of an upload event; `docs/upload-event.schema.json` has all of them. */
type UploadEvent = {
  id: string
  time?: string
  data: { rule: string; sub?: string; bucket: string; key: string; size: number; etag: string }
}

/**
 * Handles an upload event. Function Compute queues events and retries if this function rejects, so the same event can
 * arrive more than once, with the same `id`; process each `id` only once.
 */
export async function handler(event: Buffer): Promise<string> {
  const { id, data } = JSON.parse(event.toString('utf8')) as UploadEvent
  // Here your application would insert a row for `id`, unless it exists already.
  const { rule, sub, key, size } = data
  console.log(JSON.stringify({ event: 'upload received', id, rule, sub, key, size }))
  return ''
}
