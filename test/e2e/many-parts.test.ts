// That an upload of 1,003 parts goes on with exactly what its lists lack is shown by test/client/parts/reload.
import { begin, initiate, partsOf, send, shareLargeFiles } from './support/large'

const PART_BYTES = 100 * 1024
const cloud = shareLargeFiles()

it.each([
  [1000, 1],
  [1001, 2],
  [10_000, 10],
])('an upload of %d parts has %d lists, the first of which is `list`', async (partCount, count) => {
  const begun = await begin(cloud(), partCount * PART_BYTES, { rule: 'films' })
  expect(begun.partCount).toBe(partCount)
  const upload = { begun, ticket: begun.ticket, uploadId: await initiate(begun) }
  const { list, lists } = await partsOf(cloud(), upload, [partCount])
  expect(lists).toHaveLength(count)
  expect(lists[0]).toEqual(list)
  for (const each of lists) expect(await send(each)).toMatchObject({ status: 200 })
})
