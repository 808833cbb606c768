// Covers client/parts/complete.ts.
import { OssDirectError } from '../../../client/errors'
import { startLocalCloud } from '../../../local/start'
import { eventsOf } from '../../e2e/support/client'
import { share } from '../../support/share'
import { type Change, hashesOf, memory, PART, randomFile, start } from '../support/parts'

const cloud = share(() =>
  startLocalCloud({ port: 0, rules: 'test/support/rules/parts.ts', log: () => undefined }),
)
const info = () => cloud().info
const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

afterEach(() => cloud().setFaults([]))

/** A change that loses the answer to the first completion, or the request itself. */
function losing(what: 'answer' | 'request', times = 1): Change {
  let left = times
  return async (operation, request, send) => {
    if (operation !== 'complete' || left-- <= 0) return send(request)
    if (what === 'answer') await send(request)
    throw LOST
  }
}

describe('a completion whose answer is lost', () => {
  it.each(['reset', 'truncate'] as const)(
    'by %s is found by the object, stored once',
    async (respond) => {
      cloud().setFaults([{ match: { operation: 'CompleteMultipartUpload' }, respond, times: 1 }])
      const file = randomFile(3 * PART)
      const { done, operations } = start(info(), { file, filename: `${respond}.mp4` })
      const uploaded = await done
      expect(uploaded).toMatchObject({
        size: file.size,
        proven: false,
        reason: { code: 'answer_lost' },
        etag: expect.any(String),
      })
      expect(operations.slice(-3)).toEqual(['complete', 'complete', 'HEAD'])
      const { sent, stored } = await hashesOf(info(), file, uploaded.key)
      expect(stored).toBe(sent)
      expect(await eventsOf(info(), uploaded.key)).toHaveLength(1)
    },
  )

  it('is repeated where the request never arrived, and proven', async () => {
    const { done } = start(info(), { filename: 'never.mp4', change: losing('request') })
    const uploaded = await done
    expect(uploaded).toMatchObject({ proven: true })
    expect(await eventsOf(info(), uploaded.key)).toHaveLength(1)
  })

  it('is asked for again while OSS does not answer', async () => {
    cloud().setFaults([{ match: { operation: 'HeadObject' }, respond: 503, times: 2 }])
    const { done } = start(info(), { filename: 'busy.mp4', change: losing('answer') })
    await expect(done).resolves.toMatchObject({ reason: { code: 'answer_lost' } })
  })

  it('is neither a success nor a failure where the rule has no downloads', async () => {
    const storage = memory()
    const { done } = start(info(), { storage, rule: 'unread', change: losing('answer') })
    await expect(done).rejects.toMatchObject({
      code: 'outcome_unknown',
      retryable: false,
      cause: { code: expect.any(String) },
    })
    expect(storage.items.size).toBe(0)
  })

  it('is found after a reload too', async () => {
    const storage = memory()
    const file = randomFile(3 * PART, 'reloaded.mp4')
    const change: Change = async (operation, request, send) => {
      if (operation === 'complete') await send(request).catch(() => {})
      if (operation === 'complete') throw LOST
      return send(request)
    }
    await expect(start(info(), { file, storage, change }).done).rejects.toBe(LOST)
    const second = start(info(), { file, storage })
    const uploaded = await second.done
    expect(uploaded).toMatchObject({ proven: false, reason: { code: 'answer_lost' } })
    expect(second.operations).toEqual(['list', 'complete', 'HEAD'])
    expect(await eventsOf(info(), uploaded.key)).toHaveLength(1)
    expect(storage.items.size).toBe(0)
  })
  /** A change that loses the first completion, and then says that there is no such upload. */
  function vanishing(): Change {
    let seen = 0
    return async (operation, request, send) => {
      if (operation !== 'complete') return send(request)
      seen++
      if (seen === 1) throw LOST
      if (seen > 2) return send(request)
      return { status: 404, headers: {}, text: '<Error><Code>NoSuchUpload</Code></Error>' }
    }
  }

  it('begins anew where there is no object', async () => {
    const { done, operations } = start(info(), { filename: 'none.mp4', change: vanishing() })
    await expect(done).resolves.toMatchObject({ proven: true })
    expect(operations.filter((operation) => operation === 'initiate')).toHaveLength(2)
  })

  it.each([
    ['older than the upload', 3 * PART, -120_000, { proven: true }],
    ['not as long', 3 * PART - 1, 0, { code: 'outcome_unknown' }],
  ])('does not take an object for its own that is %s', async (name, bytes, ago, end) => {
    const filename = `${name}.mp4`
    cloud().clock.set(Date.now() + ago)
    await start(info(), { filename, file: randomFile(bytes) }).done
    cloud().clock.set(Date.now())
    const { done } = start(info(), { filename, file: randomFile(3 * PART), change: vanishing() })
    const result = await done.catch((error: unknown) => error)
    expect(result).toMatchObject(end)
  })
})

it('is asked about no object where OSS no longer knows an upload that was never completed', async () => {
  const text = '<Error><Code>NoSuchUpload</Code></Error>'
  let left = 1
  const change: Change = async (operation, request, send) =>
    operation === 'complete' && left-- > 0 ? { status: 404, headers: {}, text } : send(request)
  // An object of this key and size is there, of another upload.
  await start(info(), { filename: 'ended.mp4' }).done
  const { done, operations } = start(info(), { filename: 'ended.mp4', change })
  await expect(done).resolves.toMatchObject({ proven: true })
  expect(operations).not.toContain('HEAD')
  expect(operations.filter((operation) => operation === 'initiate')).toHaveLength(2)
})
