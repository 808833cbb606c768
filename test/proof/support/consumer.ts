/** A consumer for tests: passes each event on to the sink, and fails when the sink refuses it. */
export async function handler(event: Buffer): Promise<string> {
  const answer = await fetch(process.env.TEST_SINK ?? '', {
    method: 'POST',
    body: event.toString(),
  })
  if (!answer.ok) throw new Error(`The sink answered ${answer.status}`)
  return ''
}
