import { createHash, randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { BLOCK_BYTES, writeBlob } from '../../../local/oss/store/blob'
import { startCrc64 } from '../../../local/oss/store/crc64'
import { Md5Thread } from '../../../local/oss/store/md5-thread'
import { Store } from '../../../local/oss/store/store'

let folder = ''
let md5Thread: Md5Thread
const noLimit = { maxBytes: Number.MAX_SAFE_INTEGER, tooLarge: () => new Error('too large') }

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'oss-large-'))
  md5Thread = new Md5Thread()
})
afterEach(async () => {
  await md5Thread.close()
  rmSync(folder, { recursive: true, force: true })
})

function* inPieces(bytes: Buffer, pieceBytes: number): Generator<Buffer> {
  for (let at = 0; at < bytes.length; at += pieceBytes) yield bytes.subarray(at, at + pieceBytes)
}

const streamOf = (bytes: Buffer, pieceBytes = 65_536) =>
  Readable.from(inPieces(bytes, pieceBytes), { objectMode: false })

async function digestOf(bytes: Buffer) {
  const crc = await startCrc64()
  crc.update(bytes)
  const crc64 = crc.digest()
  crc.release()
  return { size: bytes.length, md5: createHash('md5').update(bytes).digest(), crc64 }
}

async function write(bytes: Buffer, pieceBytes?: number) {
  const path = join(folder, randomBytes(8).toString('hex'))
  const digest = await writeBlob(path, streamOf(bytes, pieceBytes), { ...noLimit, md5Thread })
  return { digest, stored: readFileSync(path) }
}

it.each([
  0,
  1,
  BLOCK_BYTES - 1,
  BLOCK_BYTES,
  BLOCK_BYTES + 1,
  5 * BLOCK_BYTES,
  5 * BLOCK_BYTES + 7,
])('stores a body of %d bytes with its MD5 and CRC-64', async (size) => {
  const bytes = randomBytes(size)
  const { digest, stored } = await write(bytes)
  expect(digest).toEqual(await digestOf(bytes))
  expect(stored.equals(bytes)).toBe(true)
})

it.each([999, 3 * BLOCK_BYTES])('takes a body in pieces of %d bytes', async (pieceBytes) => {
  const bytes = randomBytes(4 * BLOCK_BYTES)
  const { digest, stored } = await write(bytes, pieceBytes)
  expect(digest).toEqual(await digestOf(bytes))
  expect(stored.equals(bytes)).toBe(true)
})

it('keeps bodies that arrive together apart', async () => {
  const bodies = [1, 2, 3, 4, 5, 6].map((blocks) => randomBytes(blocks * BLOCK_BYTES + blocks))
  const written = await Promise.all(bodies.map((bytes) => write(bytes)))
  const expected = await Promise.all(bodies.map(digestOf))
  expect(written.map(({ digest }) => digest)).toEqual(expected)
})

it('takes a large body of the most bytes allowed and refuses one byte more', async () => {
  const limit = { ...noLimit, md5Thread, maxBytes: 3 * BLOCK_BYTES }
  const most = streamOf(randomBytes(3 * BLOCK_BYTES))
  expect((await writeBlob(join(folder, 'most'), most, limit)).size).toBe(3 * BLOCK_BYTES)
  const more = streamOf(randomBytes(3 * BLOCK_BYTES + 1))
  await expect(writeBlob(join(folder, 'more'), more, limit)).rejects.toThrow('too large')
})

it('leaves nothing of a large body that breaks off', async () => {
  const store = new Store(folder)
  function* broken() {
    yield* inPieces(randomBytes(3 * BLOCK_BYTES), 65_536)
    throw new Error('broke off')
  }
  const source = Readable.from(broken(), { objectMode: false })
  await expect(store.write(source, noLimit)).rejects.toThrow('broke off')
  expect(readdirSync(join(folder, 'blobs'))).toEqual([])
  await store.close()
})

it('fails what a thread was asked that has ended, and starts another one', async () => {
  const [idle, busy] = [md5Thread.begin(), md5Thread.begin()]
  // Closed in the same turn, before the thread can start it.
  const update = busy.update([Buffer.from('abc')], 3)
  await Promise.all([expect(update).rejects.toThrow('has ended'), md5Thread.close()])
  await expect(idle.digest()).rejects.toThrow('has ended')
  const bytes = randomBytes(2 * BLOCK_BYTES)
  expect((await write(bytes)).digest).toEqual(await digestOf(bytes))
})
