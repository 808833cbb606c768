import { OssDirectError } from '../../client/errors'
import { isOffline, untilOnline } from '../../client/online'
import { retrying } from '../../client/retry'

/** A browser's global object whose network can go and come. */
class Browser extends EventTarget {
  readonly navigator = { onLine: true }
  readonly listeners = new Set<unknown>()

  override addEventListener(type: string, listener: () => void): void {
    this.listeners.add(listener)
    super.addEventListener(type, listener)
  }

  override removeEventListener(type: string, listener: () => void): void {
    this.listeners.delete(listener)
    super.removeEventListener(type, listener)
  }

  set(isOnline: boolean): void {
    this.navigator.onLine = isOnline
    this.dispatchEvent(new Event(isOnline ? 'online' : 'offline'))
  }
}

const { signal } = new AbortController()
const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

it('counts platforms that say nothing about the network as online', async () => {
  expect(isOffline()).toBe(false)
  expect(isOffline({})).toBe(false)
  expect(isOffline({ navigator: {}, addEventListener: () => {} })).toBe(false)
  await untilOnline(signal, {})
})

it('counts a platform that would never tell of the network coming back as online', () => {
  expect(isOffline({ navigator: { onLine: false } })).toBe(false)
})

it('waits for the network, and leaves no listener behind', async () => {
  const network = new Browser()
  network.set(false)
  const waiting = untilOnline(signal, network)
  expect(network.listeners.size).toBe(1)
  network.set(true)
  await waiting
  expect(network.listeners.size).toBe(0)
})

it('ends with the reason of the signal, and leaves no listener behind', async () => {
  const network = new Browser()
  network.set(false)
  const controller = new AbortController()
  const waiting = untilOnline(controller.signal, network)
  const reason = new Error('stop')
  controller.abort(reason)
  await expect(waiting).rejects.toBe(reason)
  expect(network.listeners.size).toBe(0)
})

it('attempts nothing while offline, and says when that begins and ends', async () => {
  const network = new Browser()
  network.set(false)
  const attempt = jest.fn(async () => 'done')
  const onOffline = jest.fn()
  const done = retrying(attempt, { signal, network, onOffline })
  await new Promise(setImmediate)
  expect(attempt).not.toHaveBeenCalled()
  expect(onOffline.mock.calls).toEqual([[true]])
  network.set(true)
  await expect(done).resolves.toBe('done')
  expect(onOffline.mock.calls).toEqual([[true], [false]])
})

it('does not count a failure without a network', async () => {
  const network = new Browser()
  const wait = jest.fn()
  let isFirst = true
  const done = retrying(
    async () => {
      if (!isFirst) return 'done'
      isFirst = false
      network.set(false)
      setImmediate(() => network.set(true))
      throw LOST
    },
    { signal, network, wait, retries: 0 },
  )
  await expect(done).resolves.toBe('done')
  expect(wait).not.toHaveBeenCalled()
})
