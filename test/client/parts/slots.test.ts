import { OssDirectError } from '../../../client/errors'
import { Slots } from '../../../client/parts/slots'

const BUSY = new OssDirectError('Busy.', { code: 'unavailable', retryable: true, status: 503 })

/** Runs requests that the test ends. */
function open(most: number) {
  const slots = new Slots(most)
  const running: { end: (error?: unknown) => void }[] = []
  const begin = (count: number) => {
    for (let index = 0; index < count; index++) {
      const run = slots.run(
        () =>
          new Promise<void>((resolve, reject) => {
            running.push({ end: (error) => (error ? reject(error) : resolve()) })
          }),
      )
      run.catch(() => {})
    }
    return settle()
  }
  const end = (error?: unknown) => {
    running.shift()?.end(error)
    return settle()
  }
  return { begin, end, running }
}

function settle(): Promise<void> {
  return new Promise(setImmediate)
}

it.each([
  [3, 3],
  [1, 1],
  [0, 1],
  [-1, 1],
  [Number.NaN, 1],
  [2.9, 2],
])('lets %d run as %d', async (most, count) => {
  const { begin, running } = open(most)
  await begin(5)
  expect(running).toHaveLength(count)
})

it('lets half as many run after a failure, and one more after each round of successes', async () => {
  const { begin, end, running } = open(4)
  await begin(40)
  expect(running).toHaveLength(4)
  await end(BUSY)
  await end()
  expect(running).toHaveLength(2)
  await end()
  expect(running).toHaveLength(3)
  for (let index = 0; index < 3; index++) await end()
  expect(running).toHaveLength(4)
  for (let index = 0; index < 9; index++) await end()
  expect(running).toHaveLength(4)
})

it('counts failures of one moment once', async () => {
  const { begin, end, running } = open(8)
  await begin(40)
  for (let index = 0; index < 5; index++) await end(BUSY)
  expect(running).toHaveLength(4)
})

it('never stops altogether', async () => {
  const { begin, end, running } = open(2)
  await begin(20)
  for (let index = 0; index < 10; index++) await end(BUSY)
  expect(running).toHaveLength(1)
})

it.each([
  ['final', new OssDirectError('No.', { code: 'refused', retryable: false })],
  ['no failure of OSS', new Error('paused')],
])('lets as many run after an error that is %s', async (_, error) => {
  const { begin, end, running } = open(4)
  await begin(20)
  await end(error)
  expect(running).toHaveLength(4)
})
