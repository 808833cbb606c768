// Covers client/parts/send-parts.ts and client/parts/give-up.ts.
import { OssDirectError } from '../../../client/errors'
import { eventsOf } from '../../e2e/support/client'
import { until } from '../../support/until'
import { withNativeSignals } from '../support/native'
import {
  type Change,
  hashesOf,
  leaveUnfinished,
  memory,
  PART,
  randomFile,
  sharePartsCloud,
  start,
  type Trial,
} from '../support/parts'

const cloud = sharePartsCloud()
const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

/** A change that calls this once, when an operation begins. */
function at(when: string, call: () => void): Change {
  let isDone = false
  return (operation, request, send) => {
    const isNow = operation === when && !isDone
    const sending = send(request)
    if (isNow) {
      isDone = true
      call()
    }
    return sending
  }
}

/** A change that remembers the operations with the statuses of their answers. */
function statuses(operations: string[]): Change {
  return async (operation, request, send) => {
    const response = await send(request)
    operations.push(`${operation} ${response.status}`)
    return response
  }
}

describe('a paused upload', () => {
  it('sends nothing until it is resumed, and keeps what OSS has', async () => {
    const file = randomFile(6 * PART)
    const trial = start(cloud(), {
      file,
      filename: 'paused.mp4',
      concurrency: 2,
      change: at('part 3', () => trial.switches.pause()),
    })
    await until(() => trial.reports.some(({ state }) => state === 'paused'))
    const { operations } = trial
    const before = operations.length
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(operations).toHaveLength(before)
    trial.switches.resume()
    const { key } = await trial.done
    expect(operations.filter((operation) => operation === 'part 1')).toHaveLength(1)
    expect(operations.filter((operation) => operation === 'part 3')).toHaveLength(2)
    expect(trial.waits).toEqual([])
    const { sent, stored } = await hashesOf(cloud(), file, key)
    expect(stored).toBe(sent)
    expect(await eventsOf(cloud(), key)).toHaveLength(1)
  })

  it('goes on where signals have no reason, as in React Native, and fails for the right one', async () => {
    await withNativeSignals(async () => {
      const trial = start(cloud(), {
        filename: 'native.mp4',
        change: at('part 2', () => {
          trial.switches.pause()
          setImmediate(trial.switches.resume)
        }),
      })
      await expect(trial.done).resolves.toMatchObject({ proven: true })
      const refuse: Change = async (operation, request, send) =>
        operation === 'part 2' ? { status: 403, headers: {}, text: '' } : send(request)
      const refused = start(cloud(), { filename: 'refused.mp4', change: refuse })
      await expect(refused.done).rejects.toMatchObject({ code: 'refused', status: 403 })
    })
  })

  it('can be paused before it begins', async () => {
    const trial = start(cloud(), { filename: 'early.mp4' })
    trial.switches.pause()
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(trial.operations).toEqual([])
    trial.switches.resume()
    await expect(trial.done).resolves.toMatchObject({ proven: true })
  })

  it('can be paused before it is completed', async () => {
    let isAnswered = false
    let isPaused = false
    const trial = start(cloud(), {
      filename: 'late.mp4',
      file: randomFile(PART),
      change: async (operation, request, send) => {
        const response = await send(request)
        isAnswered = operation === 'part 1'
        return response
      },
      report: () => {
        if (!isAnswered || isPaused) return
        isPaused = true
        trial.switches.pause()
      },
    })
    await until(() => isPaused)
    await new Promise((resolve) => setTimeout(resolve, 50))
    expect(trial.operations).toEqual(['initiate', 'part 1'])
    trial.switches.resume()
    await expect(trial.done).resolves.toMatchObject({ proven: true })
  })

  it('can be cancelled', async () => {
    const trial = start(cloud(), { change: at('part 2', () => trial.switches.pause()) })
    await until(() => trial.reports.some(({ state }) => state === 'paused'))
    trial.switches.cancel()
    await expect(trial.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(trial.operations.at(-1)).toBe('abort')
  })
})

describe('a cancelled upload', () => {
  it.each(['initiate', 'part 1', 'part 3'])('leaves no part when it ends at %s', async (when) => {
    const storage = memory()
    const answers: string[] = []
    const cancel = at(when, () => trial.switches.cancel())
    const trial = start(cloud(), {
      storage,
      change: (operation, request, send) =>
        cancel(operation, request, (again) => statuses(answers)(operation, again, send)),
    })
    await expect(trial.done).rejects.toMatchObject({ code: 'cancelled', retryable: false })
    expect(answers.at(-1)).toBe('abort 204')
    expect(storage.items.size).toBe(0)
  })

  it('sends nothing when it is cancelled before it begins', async () => {
    const trial = start(cloud())
    trial.switches.cancel()
    await expect(trial.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(trial.operations).toEqual([])
  })

  it('tries to delete its parts again when the network is bad', async () => {
    let losses = 3
    const trial = start(cloud(), {
      change: async (operation, request, send) => {
        if (operation === 'part 2') trial.switches.cancel()
        if (operation === 'abort' && losses-- > 0) throw LOST
        return send(request)
      },
    })
    await expect(trial.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(trial.operations.filter((operation) => operation === 'abort')).toHaveLength(4)
  })

  it('ends all the same when they can not be deleted', async () => {
    const trial = start(cloud(), {
      change: async (operation, request, send) => {
        if (operation === 'part 2') trial.switches.cancel()
        if (operation === 'abort') throw LOST
        return send(request)
      },
    })
    await expect(trial.done).rejects.toMatchObject({ code: 'cancelled' })
    expect(trial.operations.filter((operation) => operation === 'abort')).toHaveLength(5)
  })
})

describe('two uploads of the same file', () => {
  it('at once are two: the second neither takes over the first nor waits for it', async () => {
    const storage = memory()
    const file = randomFile(4 * PART, 'twins.mp4')
    const trials: Trial[] = []
    const second = at('part 2', () => trials.push(start(cloud(), { file, storage })))
    trials.push(start(cloud(), { file, storage, change: second }))
    await trials[0]?.done
    const [first, other] = await Promise.all(trials.map(({ done }) => done))
    expect([first?.proven, other?.proven]).toEqual([true, true])
    expect(trials.map(({ operations }) => operations[0])).toEqual(['initiate', 'initiate'])
    // The same bytes twice within a second are one upload for whoever gets the events.
    expect((await eventsOf(cloud(), first?.key ?? '')).length).toBeGreaterThanOrEqual(1)
    expect(storage.items.size).toBe(0)
  })

  it('one after the other: the second goes on with the first, and one event comes', async () => {
    const file = randomFile(4 * PART, 'heir.mp4')
    const { storage } = await leaveUnfinished(cloud(), { file, missing: [3] })
    const { done, operations } = start(cloud(), { file, storage })
    const { key } = await done
    expect(operations).toEqual(['list', 'part 3', 'complete'])
    expect(await eventsOf(cloud(), key)).toHaveLength(1)
  })

  it('in tabs that share locks: the second has an upload of its own', async () => {
    const names: string[] = []
    const held = new Set<string>()
    const request = async (name: string, _: object, hold: (lock: unknown) => Promise<void>) => {
      names.push(name)
      if (held.has(name)) return hold(null)
      held.add(name)
      await hold({ name })
      held.delete(name)
    }
    Object.defineProperty(globalThis, 'navigator', {
      value: { locks: { request } },
      configurable: true,
    })
    try {
      const file = randomFile(2 * PART, 'tabs.mp4')
      const { storage } = await leaveUnfinished(cloud(), { file, missing: [2] })
      expect(held.size).toBe(0)
      held.add(names[0] ?? '')
      const { done, operations } = start(cloud(), { file, storage })
      await done
      expect(operations[0]).toBe('initiate')
      expect((storage as ReturnType<typeof memory>).items.size).toBe(1)
      expect(names).toHaveLength(2)
    } finally {
      Reflect.deleteProperty(globalThis, 'navigator')
    }
  })
})
