import { until } from '../support/until'
import { ask, eventsOf, type StsAnswer, stsClient, token } from './support/client'
import { shareLocalCloud } from './support/cloud'

const info = shareLocalCloud()

it('an upload without a callback reaches the consumer by the trigger of OSS', async () => {
  const alice = await token(info(), 'alice')
  const lent = await ask<StsAnswer>(info(), '/sts', { rule: 'media', access: 'write' }, alice)
  const key = `${lent.body.prefix}without-callback.txt`
  await stsClient(lent.body).put(key, Buffer.from('hello'), { mime: 'text/plain' })
  await until(async () => (await statesOf(key)).includes('delivered'))
  const [event] = await eventsOf(info(), key)
  expect(event).toMatchObject({ subject: key, data: { rule: 'media', sub: 'alice', size: 5 } })
})

async function statesOf(key: string): Promise<string[]> {
  const answer = await fetch(`${info().gateway}/local/events`)
  type Record = { state: string; event: { subject: string } }
  const { events } = (await answer.json()) as { events: Record[] }
  return events.filter(({ event }) => event.subject === key).map(({ state }) => state)
}
