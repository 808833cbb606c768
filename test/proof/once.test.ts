import { until } from '../support/until'
import { FILE, shareAttacks, TYPE } from './support/attack'
import { bodyOf, pass, store } from './support/deployment'

// The rule lets objects be replaced, and OSS lets whoever holds a form or URL send it again while it lives.
const { deployment, grantForm, refusal, eventsOf } = shareAttacks()

it('a ticket proves one upload, and a second one by neither callback nor trigger', async () => {
  const { key, fields } = await grantForm('once.txt', 'alice', 'single')
  const upload = {
    bucket: deployment().info.bucket,
    key,
    type: TYPE,
    ticket: fields['x:ticket'] ?? '',
  }
  const first = { ...upload, file: FILE }
  await store(deployment().info, key, FILE, TYPE)
  const answers = [await deployment().call(bodyOf(first)), await deployment().call(bodyOf(first))]
  expect(answers.map(({ status }) => status)).toEqual([200, 200])
  expect(await answers[0]?.text()).toBe(await answers[1]?.text())
  const second = { ...upload, file: Buffer.from('another') }
  await store(deployment().info, key, second.file, TYPE)
  expect(await refusal(await deployment().call(bodyOf(second)))).toBe('ticket_used')
  const isIgnored = () =>
    deployment().lines.some((line) => /once\.txt.*no callback claimed it/.test(line))
  await until(isIgnored, () => pass(deployment(), 1))
  expect(eventsOf(key).map(({ data }) => data.size)).toEqual([FILE.length])
})
