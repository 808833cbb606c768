import type { OssDirectError } from '../../client/errors'
import type { SendRequest, Transport } from '../../client/types'
import { sendWatched } from '../../client/watched'

const MIB = 1024 * 1024
const OK = { status: 200, headers: {}, text: '' }

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

/** A transport whose requests the test answers. */
function open(size: number, isObserved = true) {
  const moved: [number, boolean][] = []
  const sent: { request?: SendRequest; answer?: (response: typeof OK) => void } = {}
  const transport: Transport = (request) => {
    sent.request = request
    return new Promise((resolve) => {
      sent.answer = resolve
    })
  }
  const controller = new AbortController()
  const done = sendWatched(transport, {
    method: 'PUT',
    url: 'https://example.com/a',
    headers: {},
    size,
    signal: controller.signal,
    ...(isObserved && {
      onMoved: (bytes: number, isStalled: boolean) => void moved.push([bytes, isStalled]),
    }),
  })
  let error: unknown
  done.catch((reason) => {
    error = reason
  })
  const pass = (milliseconds: number) => jest.advanceTimersByTimeAsync(milliseconds)
  return {
    done,
    moved,
    sent,
    controller,
    pass,
    move: (bytes: number) => sent.request?.onProgress?.(bytes),
    error: () => error as OssDirectError | undefined,
  }
}

it('returns the answer, and leaves no timer', async () => {
  const { done, sent, move } = open(100)
  move(50)
  sent.answer?.(OK)
  await expect(done).resolves.toBe(OK)
  expect(jest.getTimerCount()).toBe(0)
})

it('gives up when no byte moves for thirty seconds, aborts the request, and leaves no timer', async () => {
  const { sent, move, pass, error } = open(100)
  move(50)
  await pass(29_999)
  expect(error()).toBeUndefined()
  await pass(1)
  expect(error()).toMatchObject({ code: 'stalled', retryable: true })
  expect(sent.request?.signal?.aborted).toBe(true)
  expect(jest.getTimerCount()).toBe(0)
})

it('goes on for as long as bytes move', async () => {
  const { move, pass, error } = open(100)
  for (let bytes = 1; bytes < 20; bytes++) {
    move(bytes)
    await pass(29_999)
  }
  expect(error()).toBeUndefined()
})

it('says after five seconds that nothing moves, and takes it back', async () => {
  const { move, pass, moved } = open(100)
  move(10)
  await pass(4999)
  expect(moved).toEqual([[10, false]])
  await pass(1)
  move(20)
  expect(moved).toEqual([
    [10, false],
    [10, true],
    [20, false],
  ])
})

it('waits for the answer to what a socket may still hold', async () => {
  const { move, pass, error } = open(100 * MIB)
  move(100 * MIB)
  // A minute, and four MiB at 32 bytes a millisecond.
  await pass(60_000 + (4 * MIB) / 32 - 1)
  expect(error()).toBeUndefined()
  await pass(1)
  expect(error()).toMatchObject({ code: 'stalled' })
})

it('gives a transport without progress time for all of the body', async () => {
  const { pass, error } = open(8 * MIB)
  await pass(60_000 + (8 * MIB) / 32 - 1)
  expect(error()).toBeUndefined()
  await pass(1)
  expect(error()).toMatchObject({ code: 'stalled' })
})

it('gives a request without a body a minute, and asks for no progress, which would need a preflight', async () => {
  const { pass, error, sent } = open(0, false)
  expect(sent.request).not.toHaveProperty('onProgress')
  await pass(59_999)
  expect(error()).toBeUndefined()
  await pass(1)
  expect(error()).toMatchObject({ code: 'stalled' })
})

it('ends with the reason of the signal, and hears of no byte afterwards', async () => {
  const { done, controller, move, moved, sent } = open(100)
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(done).rejects.toBe(reason)
  move(50)
  expect(moved).toEqual([])
  expect(sent.request?.signal?.aborted).toBe(true)
  expect(jest.getTimerCount()).toBe(0)
})
