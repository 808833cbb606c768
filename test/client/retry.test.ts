// Covers client/retry.ts and client/abort.ts.
import { OssDirectError } from '../../client/errors'
import { retrying } from '../../client/retry'

const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

function clock() {
  const waits: number[] = []
  return { waits, wait: async (milliseconds: number) => void waits.push(milliseconds) }
}

/** An attempt that throws the errors in turn, and then returns its number. */
function failing(...errors: readonly unknown[]) {
  return jest.fn(async (n: number) => {
    if (n < errors.length) throw errors[n]
    return n
  })
}

const { signal } = new AbortController()

it('returns what the first attempt returns', async () => {
  const { wait, waits } = clock()
  await expect(retrying(failing(), { signal, wait })).resolves.toBe(0)
  expect(waits).toEqual([])
})

it('waits up to twice as long after each failure, twenty seconds at most', async () => {
  const { wait, waits } = clock()
  const errors = Array.from({ length: 8 }, () => LOST)
  await retrying(failing(...errors), { signal, wait, random: () => 1, retries: 8 })
  expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 20_000, 20_000])
})

it('jitters over the whole delay', async () => {
  const { wait, waits } = clock()
  const random = jest.fn().mockReturnValueOnce(0).mockReturnValueOnce(0.5)
  await retrying(failing(LOST, LOST), { signal, wait, random })
  expect(waits).toEqual([0, 500])
})

it('gives up after as many retries as it may make', async () => {
  const { wait } = clock()
  const attempt = failing(LOST, LOST, LOST)
  await expect(retrying(attempt, { signal, wait, retries: 2 })).rejects.toBe(LOST)
  expect(attempt).toHaveBeenCalledTimes(3)
  await expect(retrying(failing(LOST, LOST), { signal, wait, retries: 2 })).resolves.toBe(2)
})

it.each([
  ['is not retryable', new OssDirectError('No.', { code: 'not_allowed', retryable: false })],
  ['is not of the client', new TypeError('a bug')],
])('does not repeat an error that %s', async (_, error) => {
  const attempt = failing(error)
  await expect(retrying(attempt, { signal, ...clock() })).rejects.toBe(error)
  expect(attempt).toHaveBeenCalledTimes(1)
})

it('waits at least as long as the answer says, and gives up when that is more than a minute', async () => {
  const { wait, waits } = clock()
  const busy = (retryAfter: number) =>
    new OssDirectError('Busy.', { code: 'too_many_requests', retryable: true, retryAfter })
  await retrying(failing(busy(60)), { signal, wait, random: () => 0 })
  expect(waits).toEqual([60_000])
  const late = busy(61)
  await expect(retrying(failing(late), { signal, wait })).rejects.toBe(late)
})

it('ends with the reason of the signal, before an attempt, during it and while it waits', async () => {
  const reason = new Error('stop')
  const before = AbortSignal.abort(reason)
  const attempt = failing()
  await expect(retrying(attempt, { signal: before })).rejects.toBe(reason)
  expect(attempt).not.toHaveBeenCalled()

  const during = new AbortController()
  const stopped = retrying(
    async () => {
      during.abort(reason)
      throw LOST
    },
    { signal: during.signal, ...clock() },
  )
  await expect(stopped).rejects.toBe(reason)

  const waiting = new AbortController()
  const later = retrying(failing(LOST), { signal: waiting.signal, random: () => 1 })
  setImmediate(() => waiting.abort(reason))
  await expect(later).rejects.toBe(reason)
})
