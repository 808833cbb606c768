import { eventsOf } from '../../e2e/support/client'
import { type Change, PART, randomFile, sharePartsCloud, start } from '../support/parts'

const cloud = sharePartsCloud()
const CRC = 'x-oss-hash-crc64ecma'

/** A change of what OSS says of the CRC-64 in these operations. */
function saying(crc64: string | undefined, ...operations: string[]): Change {
  return async (operation, request, send) => {
    const response = await send(request)
    if (!operations.includes(operation)) return response
    const { [CRC]: _, ...headers } = response.headers
    return { ...response, headers: { ...headers, ...(crc64 && { [CRC]: crc64 }) } }
  }
}

it.each([0, 1, PART + 1])('agrees with OSS on a file of %d bytes', async (bytes) => {
  const { done, operations } = start(cloud(), {
    file: randomFile(bytes),
    filename: `${bytes}.mp4`,
    verifyCrc64: true,
  })
  await expect(done).resolves.toMatchObject({ proven: true })
  expect(operations).not.toContain('HEAD')
})

it('asks OSS for it where the last answer does not say it', async () => {
  const { done, operations } = start(cloud(), {
    verifyCrc64: true,
    change: saying(undefined, 'complete'),
  })
  await expect(done).resolves.toMatchObject({ proven: true })
  expect(operations.at(-1)).toBe('HEAD')
})

it('refuses the upload if OSS has other bytes', async () => {
  const { done } = start(cloud(), { verifyCrc64: true, change: saying('1', 'complete') })
  await expect(done).rejects.toMatchObject({ code: 'checksum_mismatch', retryable: true })
})

it('finds bytes that were changed on the way', async () => {
  const file = randomFile(3 * PART)
  const { done } = start(cloud(), {
    file,
    filename: 'changed.mp4',
    verifyCrc64: true,
    change: async (operation, request, send) => {
      if (operation !== 'part 2') return send(request)
      const bytes = new Uint8Array(await (request.body as Blob).arrayBuffer())
      bytes[7] = (bytes[7] ?? 0) ^ 1
      return send({ ...request, body: new Blob([bytes]) })
    },
  })
  await expect(done).rejects.toMatchObject({ code: 'checksum_mismatch' })
})

it.each([
  ['the CORS rules do not expose it', { change: saying(undefined, 'complete', 'HEAD') }],
  ['the rule has no downloads', { rule: 'unread', change: saying(undefined, 'complete') }],
])('is stored, but not proven, where %s', async (name, options) => {
  const { done } = start(cloud(), { filename: `${name}.mp4`, verifyCrc64: true, ...options })
  const uploaded = await done
  expect(uploaded).toMatchObject({ proven: false, reason: { code: 'checksum_unavailable' } })
  expect(await eventsOf(cloud(), uploaded.key)).toHaveLength(1)
})

it('takes a source of bytes as they are, and leaves them to their owner', async () => {
  const bytes = new Uint8Array(PART + 5).fill(7)
  const source = {
    size: bytes.length,
    type: 'video/mp4',
    slice: (from: number, to: number) => bytes.subarray(from, to),
  }
  const { done } = start(cloud(), { source, filename: 'bytes.mp4', verifyCrc64: true })
  await expect(done).resolves.toMatchObject({ proven: true, size: bytes.length })
  expect(bytes).toHaveLength(PART + 5)
})
