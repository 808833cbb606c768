import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { newBlobName } from '../../../local/oss/ids'
import { listPage } from '../../../local/oss/operations/listing'
import type { BucketSettings, CorsRule, ObjectRecord } from '../../../local/oss/store/records'
import { compareUtf8 } from '../../../local/oss/store/sorted-keys'
import type { Bucket } from '../../../local/oss/store/state'
import { Store } from '../../../local/oss/store/store'
import { ask, BUCKET, startCloud, textOf } from './support/cloud'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-store-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const MIN = 100 * 1024
const SETTINGS: BucketSettings = {
  acl: 'private',
  createdAt: 0,
  storageClass: 'IA',
  blocksPublicAccess: true,
}

it('keeps objects, uploads and settings over a restart, and sweeps what nobody refers to', async () => {
  const first = await startCloud({ dataDir })
  await ask(first, { method: 'PUT', key: 'a', headers: { 'x-oss-meta-m': 'v' } }, 'one')
  await ask(first, { method: 'PUT', key: 'gone' }, 'x')
  await ask(first, { method: 'DELETE', key: 'gone' })
  const begun = await ask(first, { method: 'POST', key: 'p', query: { uploads: '' } })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  const part = { method: 'PUT', key: 'p', query: { uploadId, partNumber: '1' } }
  await ask(first, part, Buffer.alloc(MIN, 1))
  await ask(first, { method: 'DELETE', key: '', query: { cors: '' } })
  await first.close()
  writeFileSync(join(dataDir, 'blobs', newBlobName()), 'x')
  writeFileSync(join(dataDir, 'journal'), '\n{"type":"put","bucket":"demo-bkt","rec', { flag: 'a' })

  const second = await startCloud({ dataDir, account: first.account })
  const got = await ask(second, { method: 'GET', key: 'a' })
  expect([got.text, got.headers['x-oss-meta-m']]).toEqual(['one', 'v'])
  expect((await ask(second, { method: 'GET', key: 'gone' })).code).toBe('NoSuchKey')
  expect((await ask(second, { method: 'GET', key: '', query: { cors: '' } })).status).toBe(404)
  const headers = { 'x-oss-complete-all': 'yes' }
  const done = await ask(second, { method: 'POST', key: 'p', query: { uploadId }, headers })
  expect(done.status).toBe(200)
  expect((await ask(second, { method: 'GET', key: 'p' })).body).toHaveLength(MIN)
  expect(second.callbackKey.pem).toBe(first.callbackKey.pem)
  expect(readdirSync(join(dataDir, 'blobs'))).toHaveLength(2)
  await second.close()
})

it('answers with blanks for stored characters that no header may have', async () => {
  const first = await startCloud({ dataDir })
  await ask(first, { method: 'PUT', key: 'a' }, 'one')
  await first.close()
  const store = new Store(dataDir)
  const bad = 'a\n\x01\x7fb\0'
  const { settings } = store.bucket(BUCKET) as Bucket
  const [rule] = settings.cors?.rules ?? []
  const cors = { rules: [{ ...(rule as CorsRule), exposeHeaders: [bad] }], varyOrigin: false }
  store.commit({ type: 'bucket', bucket: BUCKET, settings: { ...settings, cors } })
  const record = store.object(BUCKET, 'a') as ObjectRecord
  const headers = { 'content-type': 'text/plain', 'x-oss-meta-a': bad }
  store.commit({ type: 'put', bucket: BUCKET, record: { ...record, headers } })
  await store.close()
  const second = await startCloud({ dataDir })
  const got = await ask(second, {
    method: 'GET',
    key: 'a',
    headers: { origin: 'http://localhost' },
  })
  expect([got.status, got.text]).toEqual([200, 'one'])
  expect(got.headers['x-oss-meta-a']).toBe('a   b')
  expect(got.headers['access-control-expose-headers']).toBe('a   b')
  await second.close()
})

it('never lets a key become a file name', async () => {
  const cloud = await startCloud({ dataDir })
  for (const key of ['../../evil', 'a/../../b', '..\\c', 'con', 'a\0b']) {
    expect((await ask(cloud, { method: 'PUT', key }, 'x')).status).toBe(200)
  }
  expect(readdirSync(dataDir).sort()).toEqual(['blobs', 'callback-key.pem', 'journal', 'lock'])
  for (const name of readdirSync(join(dataDir, 'blobs'))) expect(name).toMatch(/^[0-9a-f]{32}$/)
  await cloud.close()
})

it('serves the old bytes to a reader while the object is replaced', async () => {
  const cloud = await startCloud({ dataDir })
  const size = 30 * 1024 * 1024
  await ask(cloud, { method: 'PUT', key: 'k' }, Buffer.alloc(size, 1))
  const reading = ask(cloud, { method: 'GET', key: 'k' })
  await ask(cloud, { method: 'PUT', key: 'k' }, Buffer.alloc(10, 2))
  const { body } = await reading
  expect([body.length === size || body.length === 10, new Set(body).size]).toEqual([true, 1])
  await cloud.close()
  expect(readdirSync(join(dataDir, 'blobs'))).toHaveLength(1)
})

it('keeps the pieces of each reader while an object is appended to and goes', async () => {
  const store = new Store(dataDir)
  const limit = { maxBytes: 9, tooLarge: () => new Error('too large') }
  const write = async (text: string) => {
    const { blob, size } = await store.write(Readable.from([Buffer.from(text)]), limit)
    return { blob, size }
  }
  const grown = { size: 1, etag: '', crc64: '0', modifiedAt: 0 }
  const [bucket, key] = ['b', 'k']
  const fixed = { key, kind: 'Appendable' as const, headers: {}, acl: 'default' as const, tags: [] }
  store.commit({ type: 'bucket', bucket, settings: SETTINGS })
  const record: ObjectRecord = { ...fixed, ...grown, segments: [await write('a')] }
  store.commit({ type: 'put', bucket, record })
  const read = (size: number) => store.read(store.object(bucket, key)?.segments ?? [], 0, size - 1)
  const first = read(1)
  const segment = await write('b')
  store.commit({ type: 'append', bucket, key, segment, grown: { ...grown, size: 2 } })
  const second = read(2)
  expect(String(Buffer.concat(await first.toArray()))).toBe('a')
  store.commit({ type: 'delete', bucket, key })
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(String(Buffer.concat(await second.toArray()))).toBe('ab')
  await store.close()
  expect(readdirSync(join(dataDir, 'blobs'))).toEqual([])
})

it('does not fail for a file that is gone and that nobody reads', async () => {
  const store = new Store(dataDir)
  const stream = store.read([{ blob: 'gone', size: 1 }], 0, 0)
  await new Promise((resolve) => stream.on('close', resolve))
  expect(stream.errored).toMatchObject({ code: 'ENOENT' })
  await store.close()
})

describe('the order of names', () => {
  it('is that of their UTF-8 bytes', () => {
    const names = ['a', 'B', 'é', '\uffee', '\u{1f600}', 'aa', '', '\ue000', '\ud7ff']
    const expected = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    expect([...names].sort(compareUtf8)).toEqual(expected)
  })
})

describe('a page of names', () => {
  const names = ['a', 'b/1', 'b/2', 'b/c/3', 'c', 'd/4']
  const page = (query: Partial<Parameters<typeof listPage>[1]>) =>
    listPage(names, { prefix: '', delimiter: '', after: '', max: 100, ...query })
  const shown = (query: Partial<Parameters<typeof listPage>[1]>) =>
    page(query).entries.map((entry) => ('key' in entry ? entry.key : `[${entry.prefix}]`))

  it('has all names, or those behind a prefix', () => {
    expect(shown({})).toEqual(names)
    expect(shown({ prefix: 'b/' })).toEqual(['b/1', 'b/2', 'b/c/3'])
    expect(shown({ prefix: 'x' })).toEqual([])
  })

  it('folds what a delimiter separates', () => {
    expect(shown({ delimiter: '/' })).toEqual(['a', '[b/]', 'c', '[d/]'])
    expect(shown({ delimiter: '/', prefix: 'b/' })).toEqual(['b/1', 'b/2', '[b/c/]'])
  })

  it.each([1, 2, 3])('walks everything in pages of %d', (max) => {
    for (const delimiter of ['', '/']) {
      const all: string[] = []
      let after = ''
      for (let i = 0; i < 10; i += 1) {
        const { entries, isTruncated, next } = page({ delimiter, max, after })
        all.push(...entries.map((entry) => ('key' in entry ? entry.key : `[${entry.prefix}]`)))
        if (!isTruncated) break
        after = next
      }
      expect(all).toEqual(shown({ delimiter }))
    }
  })

  it('begins after a name, and not again with a prefix already shown', () => {
    expect(shown({ after: 'b/2' })).toEqual(['b/c/3', 'c', 'd/4'])
    expect(shown({ after: 'b/', delimiter: '/' })).toEqual(['c', '[d/]'])
  })
})
