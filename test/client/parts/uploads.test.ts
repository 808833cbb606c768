// Covers client/parts/upload-parts.ts, client/parts/begun.ts and client/parts/progress.ts.
import { eventsOf, ownerClient } from '../../e2e/support/client'
import { hashesOf, PART, randomFile, sharePartsCloud, start } from '../support/parts'

const cloud = sharePartsCloud()

describe('an upload in parts', () => {
  it.each([
    [0, 1],
    [1, 1],
    [PART - 1, 1],
    [PART, 1],
    [PART + 1, 2],
    [7 * PART + 5, 8],
  ])('stores a file of %d bytes in %d parts, and one event comes', async (bytes, parts) => {
    const file = randomFile(bytes)
    const { done, operations, reports } = start(cloud(), {
      file,
      filename: `of ${bytes} bytes.mp4`,
    })
    const uploaded = await done
    expect(uploaded).toMatchObject({ size: bytes, proven: true, etag: expect.any(String) })
    expect(operations).toHaveLength(parts + 2)
    expect(operations[0]).toBe('initiate')
    expect(operations.at(-1)).toBe('complete')
    expect(reports.at(-1)).toEqual({ sent: bytes, state: 'uploading', isStalled: false })
    const { sent, stored } = await hashesOf(cloud(), file, uploaded.key)
    expect(stored).toBe(sent)
    expect(await eventsOf(cloud(), uploaded.key)).toHaveLength(1)
  })

  it('sends as many parts at once as it may, and no more', async () => {
    let now = 0
    let most = 0
    const { done } = start(cloud(), {
      file: randomFile(9 * PART),
      concurrency: 2,
      change: async (_, request, send) => {
        now++
        most = Math.max(most, now)
        return send(request).finally(() => now--)
      },
    })
    await done
    expect(most).toBe(2)
  })

  it.each([0, -1, Number.NaN, 0.5])(
    'sends all parts where %d may be sent at once',
    async (concurrency) => {
      const file = randomFile(2 * PART)
      const { done } = start(cloud(), { file, concurrency, filename: `at-once ${concurrency}.mp4` })
      await expect(done).resolves.toMatchObject({ proven: true })
    },
  )

  it('stores the type', async () => {
    const { done } = start(cloud(), { filename: 'type.mp4', contentType: 'video/x-odd' })
    const { key } = await done
    const { res } = await ownerClient(cloud()).head(key)
    expect(res.headers).toMatchObject({ 'content-type': 'video/x-odd' })
  })
})
