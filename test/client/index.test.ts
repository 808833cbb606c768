import { createHash } from 'node:crypto'
import { storedHash } from '../e2e/support/client'
import { shareLocalCloud } from '../e2e/support/cloud'
import { clientFor, fileOf } from './support/client'

const cloud = shareLocalCloud()

describe.each(['put', 'form'] as const)('an upload by %s', (mechanism) => {
  it.each([0, 1, 100_000])('of %i bytes is stored and proven', async (bytes) => {
    const file = fileOf(bytes, `${mechanism}-${bytes}.bin`)
    const { done } = clientFor(cloud()).upload(file, { rule: 'media', mechanism })
    const key = `media/alice/${file.name}`
    expect(await done).toEqual({ key, size: bytes, etag: expect.any(String), proven: true })
    const hash = createHash('sha256')
      .update(Buffer.from(await file.arrayBuffer()))
      .digest('hex')
    expect(await storedHash(cloud(), key)).toBe(hash)
  })
})
