import { type AsyncQueue, createAsyncQueue } from '../../../local/fc/async-queue'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

function open(succeedsAt: number) {
  // The time of the fake timers, as everywhere here.
  const start = Date.now()
  const times: number[] = []
  const dead: string[] = []
  const queue = createAsyncQueue({
    now: Date.now,
    onDead: ({ functionName }) => dead.push(functionName),
    invoke: async () => {
      times.push((Date.now() - start) / 1000)
      if (times.length < succeedsAt) throw new Error('not yet\nwith a stack')
    },
  })
  const pass = (seconds: number) => jest.advanceTimersByTimeAsync(seconds * 1000)
  return { queue, times, dead, pass }
}

function stateOf(queue: AsyncQueue) {
  const [{ state, attempts, lastError } = { state: '', attempts: 0 }] = queue.list()
  return [state, attempts, lastError]
}

it('hands over at once what succeeds', async () => {
  const { queue, pass } = open(1)
  queue.add('f', Buffer.from('{}'))
  await pass(1)
  expect(stateOf(queue)).toEqual(['delivered', 1, undefined])
})

it('waits a second, then three times as long after each failure', async () => {
  const { queue, times, pass } = open(5)
  queue.add('f', Buffer.from('{}'))
  await pass(39)
  expect(stateOf(queue)).toEqual(['queued', 4, 'not yet'])
  await pass(5)
  expect(stateOf(queue)).toEqual(['delivered', 5, undefined])
  expect(times.map((time) => Math.round(time))).toEqual([0, 1, 4, 13, 40])
})

it('gives up after nine attempts, and hands on what it gave up', async () => {
  const { queue, times, dead, pass } = open(Number.POSITIVE_INFINITY)
  queue.add('f', Buffer.from('{}'))
  await pass(3200)
  expect(dead).toEqual([])
  await pass(300)
  expect([stateOf(queue), dead]).toEqual([['dead', 9, 'not yet'], ['f']])
  await pass(100)
  expect(times).toHaveLength(9)
})

it('invokes after a delay where one is asked for', async () => {
  const { queue, times, pass } = open(1)
  queue.add('f', Buffer.from('{}'), { id: 'one', delayMs: 2000 })
  await pass(1)
  expect(times).toEqual([])
  await pass(2)
  expect(queue.list()).toMatchObject([{ id: 'one', state: 'delivered' }])
})

it('stops trying when it is closed', async () => {
  const { queue, times, pass } = open(2)
  queue.add('f', Buffer.from('{}'))
  await jest.advanceTimersByTimeAsync(0)
  queue.close()
  await pass(10)
  expect(times).toHaveLength(1)
})
