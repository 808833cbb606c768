import { createHash } from 'node:crypto'
import { storedHash } from '../e2e/support/client'
import { shareLocalCloud } from '../e2e/support/cloud'
import { clientFor, errorOf, fileOf } from './support/client'

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

  it('is compared with the CRC-64 of its bytes where that is asked for', async () => {
    const file = fileOf(100_000, `crc-${mechanism}.bin`)
    const options = { rule: 'media', mechanism, verifyCrc64: true }
    const client = clientFor(cloud())
    expect(await client.upload(file, options).done).toMatchObject({ proven: true })
    const other = { size: file.size, type: '', name: 'other.bin' }
    let isFirst = true
    const slice = (start: number, end: number) => {
      const changed = isFirst ? fileOf(100_000) : new Blob([new Uint8Array(100_000)])
      isFirst = false
      return changed.slice(start, end)
    }
    const { done } = client.upload({ ...other, slice }, options)
    expect(await errorOf(done)).toMatchObject({ code: 'checksum_mismatch' })
  })
})
