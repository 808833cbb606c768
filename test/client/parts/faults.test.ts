// Covers client/parts/part-urls.ts.
import { OssDirectError } from '../../../client/errors'
import { startLocalCloud } from '../../../local/start'
import { eventsOf } from '../../e2e/support/client'
import { share } from '../../support/share'
import { issueToken } from '../../support/token'
import { until } from '../../support/until'
import { openCuttingProxy } from '../support/cutting-proxy'
import {
  type Change,
  hashesOf,
  PART,
  randomFile,
  start,
  type Trial,
  type TrialOptions,
} from '../support/parts'

const cloud = share(() =>
  startLocalCloud({ port: 0, rules: 'test/support/rules/parts.ts', log: () => undefined }),
)
const info = () => cloud().info

afterEach(() => {
  cloud().setFaults([])
  cloud().clock.set(Date.now())
})

let names = 0

/** Starts an upload with a name of its own. */
function begin(options: TrialOptions = {}): Trial {
  return start(info(), { filename: `${names++}.mp4`, ...options })
}

const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

/** Expects that the upload ends with all bytes stored, proven, and in one event. */
async function expectWhole({ done, job }: Trial): Promise<void> {
  const { key, proven } = await done
  expect(proven).toBe(true)
  cloud().clock.set(Date.now())
  const { sent, stored } = await hashesOf(info(), job.source as File, key)
  expect(stored).toBe(sent)
  expect(await eventsOf(info(), key)).toHaveLength(1)
}

it.each([503, 'reset', 'truncate'] as const)('sends parts again after %s', async (respond) => {
  cloud().setFaults([{ match: { operation: 'UploadPart' }, respond, times: 5 }])
  const trial = begin({ file: randomFile(4 * PART) })
  await expectWhole(trial)
  expect(trial.waits.length).toBeGreaterThanOrEqual(respond === 'truncate' ? 0 : 5)
})

it('starts again after a 503, and completes again after one', async () => {
  for (const operation of ['InitiateMultipartUpload', 'CompleteMultipartUpload']) {
    cloud().setFaults([{ match: { operation }, respond: 503, times: 2 }])
    await expectWhole(begin({ filename: `${operation}.mp4` }))
  }
})

it('signs each retry anew', async () => {
  cloud().setFaults([{ match: { operation: 'UploadPart' }, respond: 503, times: 3 }])
  const urls: string[] = []
  const trial = begin({
    concurrency: 1,
    change: (operation, request, send) => {
      if (operation === 'part 1') urls.push(request.url)
      cloud().clock.set(cloud().clock.now() + 1000)
      return send(request)
    },
  })
  await expectWhole(trial)
  expect(new Set(urls).size).toBe(4)
})

it('sends parts again whose connection was cut in the middle', async () => {
  const proxy = await openCuttingProxy(info().oss)
  proxy.cut(4, PART / 2)
  const trial = begin({
    file: randomFile(5 * PART),
    change: (_, request, send) =>
      send({ ...request, url: request.url.replace(info().oss, proxy.url) }),
  })
  await expectWhole(trial)
  expect(proxy.cuts()).toBe(4)
  await proxy.close()
})

it.each([0.3, 1])(
  'outlasts a server that is gone for ten seconds, with the jitter %d',
  async (jitter) => {
    let now = 0
    let isUp = true
    const trial = begin({
      file: randomFile(6 * PART),
      change: async (operation, request, send) => {
        if (operation === 'part 3' && now === 0) isUp = false
        if (!isUp) throw LOST
        return send(request)
      },
      timing: {
        random: () => jitter,
        wait: async (milliseconds) => {
          now += milliseconds
          if (now >= 10_000) isUp = true
          await new Promise(setImmediate)
        },
      },
    })
    await expectWhole(trial)
    expect(now).toBeGreaterThanOrEqual(10_000)
  },
)

it('gives up when no answer comes for a minute', async () => {
  const trial = begin({ change: async () => Promise.reject(LOST) })
  await expect(trial.done).rejects.toBe(LOST)
  expect(trial.waits.reduce((sum, wait) => sum + wait)).toBeGreaterThan(10_000)
})

it('waits while it is offline, and says so', async () => {
  const listeners = new Set<() => void>()
  const navigator = { onLine: true }
  let losses = 1
  const network = {
    navigator,
    addEventListener: (_: string, listener: () => void) => void listeners.add(listener),
    removeEventListener: (_: string, listener: () => void) => void listeners.delete(listener),
  }
  const trial = begin({
    file: randomFile(6 * PART),
    timing: { network },
    change: (operation, request, send) => {
      if (operation === 'part 4' && losses-- > 0) navigator.onLine = false
      return navigator.onLine ? send(request) : Promise.reject(LOST)
    },
  })
  await until(() => listeners.size === 3)
  expect(trial.reports.at(-1)).toMatchObject({ state: 'offline', isStalled: false })
  navigator.onLine = true
  for (const listener of listeners) listener()
  await expectWhole(trial)
  expect(trial.waits).toEqual([])
  expect(listeners.size).toBe(0)
})

it('goes on with a new token when one ends in the middle', async () => {
  const tokens: string[] = []
  const getToken = async (reason: 'request' | 'refused') => {
    tokens.push(reason)
    const ttlSeconds = tokens.length > 1 && reason === 'request' ? -60 : 3600
    return issueToken(info(), { sub: 'alice', ttlSeconds })
  }
  await expectWhole(begin({ getToken }))
  expect(tokens).toContain('refused')
})

it.each([-3600, 3600])('works with a clock that is %d seconds off', async (seconds) => {
  cloud().clock.set(Date.now() + seconds * 1000)
  const trial = begin({
    rule: 'brief',
    file: randomFile(40 * PART),
    filename: `${seconds}.mp4`,
  })
  await expectWhole(trial)
  expect(trial.waits).toEqual([])
})

it('signs URLs anew before they expire', async () => {
  const asked: unknown[] = []
  const trial = begin({
    file: randomFile(6 * PART),
    concurrency: 1,
    onAsk: (body) => void asked.push(body),
    // Each request takes ten minutes of the fifteen that a URL lives.
    lasting: 600_000,
  })
  await expectWhole(trial)
  expect(trial.waits).toEqual([])
  expect(asked.length).toBeGreaterThan(4)
})

it('sends a part again by a new URL when OSS says that its URL has expired', async () => {
  let isFirst = true
  const trial = begin({
    rule: 'brief',
    change: async (operation, request, send) => {
      if (operation !== 'part 2' || !isFirst) return send(request)
      isFirst = false
      cloud().clock.set(Date.now() + 31_000)
      return send(request)
    },
  })
  await expectWhole(trial)
  expect(trial.operations.filter((operation) => operation === 'part 2')).toHaveLength(2)
})

it('ends when the rule no longer allows it, with the reason, and leaves no parts', async () => {
  let isPro = true
  let aborted = 0
  const trial = begin({
    rule: 'paid',
    file: randomFile(40 * PART),
    getToken: () => issueToken(info(), { sub: 'alice', claims: { plan: isPro ? 'pro' : 'free' } }),
    change: async (operation, request, send) => {
      if (operation === 'part 5') isPro = false
      const response = await send(request)
      if (operation === 'abort') aborted = response.status
      return response
    },
  })
  await expect(trial.done).rejects.toMatchObject({ code: 'not_allowed', retryable: false })
  expect(aborted).toBe(204)
})

it('begins anew when OSS no longer knows the upload, and gives up at the third time', async () => {
  let losses = 1
  const forget: Change = async (operation, request, send) => {
    if (operation !== 'part 2' || losses-- <= 0) return send(request)
    const response = await send(request)
    return { ...response, status: 404, text: '<Error><Code>NoSuchUpload</Code></Error>' }
  }
  await expectWhole(begin({ change: forget }))
  losses = 3
  const hopeless = begin({ change: forget })
  await expect(hopeless.done).rejects.toMatchObject({ code: 'upload_not_found' })
  expect(hopeless.operations.filter((operation) => operation === 'initiate')).toHaveLength(3)
})

it('ends when OSS keeps an earlier file of the same name', async () => {
  await expectWhole(begin({ rule: 'once', filename: 'kept.mp4' }))
  const again = begin({ rule: 'once', filename: 'kept.mp4' })
  await expect(again.done).rejects.toMatchObject({ code: 'already_exists', retryable: false })
})
