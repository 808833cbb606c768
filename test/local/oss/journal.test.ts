import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Journal, SPARE_BYTES } from '../../../local/oss/store/journal'
import type { BucketSettings } from '../../../local/oss/store/records'
import { Store } from '../../../local/oss/store/store'
import { ask, startCloud } from './support/cloud'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-journal-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))

const SETTINGS: BucketSettings = {
  acl: 'private',
  createdAt: 0,
  storageClass: 'IA',
  blocksPublicAccess: true,
}

const bytes = () => statSync(join(dataDir, 'journal')).size
/** Changes one bucket repeatedly, until the journal would have this many bytes. */
const change = (store: Store, bucket: string, journalBytes: number) => {
  const lineBytes = JSON.stringify({ type: 'bucket', bucket, settings: SETTINGS }).length
  for (let i = 0; i * lineBytes < journalBytes; i += 1) {
    store.commit({ type: 'bucket', bucket, settings: { ...SETTINGS, createdAt: i } })
  }
  return store.bucket(bucket)?.settings.createdAt
}

it('is read line by line, but for a torn one', () => {
  const path = join(dataDir, 'journal')
  const { journal } = Journal.open(path)
  journal.append({ type: 'bucket', bucket: 'first', settings: SETTINGS })
  appendFileSync(path, '{"type":"bucket","bucket":"to')
  journal.append({ type: 'bucket', bucket: 'second', settings: SETTINGS })
  journal.close()
  expect([...Journal.open(path).state.keys()]).toEqual(['first', 'second'])
})

it('is read whole, however long it and its lines are and whatever they hold', () => {
  const path = join(dataDir, 'journal')
  const { journal } = Journal.open(path)
  const names = Array.from({ length: 3000 }, (_, i) => `${i} ${'报é\u{1f600}'.repeat(i % 50)}`)
  names.splice(1000, 0, '报'.repeat(500_000))
  for (const bucket of names) journal.append({ type: 'bucket', bucket, settings: SETTINGS })
  journal.close()
  expect([...Journal.open(path).state.keys()]).toEqual(names)
  expect([...Journal.open(path).state.keys()]).toEqual(names)
})

it('grows by as much for the last of many appends as for the first', async () => {
  const first = await startCloud({ dataDir })
  const append = (cloud: typeof first, position: number) => {
    const query = { append: '', position: String(position) }
    return ask(cloud, { method: 'POST', key: 'log', query }, 'x')
  }
  const growths: number[] = []
  for (let position = 0; position < 200; position += 1) {
    const before = bytes()
    await append(first, position)
    growths.push(bytes() - before)
  }
  expect(Math.max(...growths.slice(1))).toBeLessThan((growths[1] ?? 0) + 20)
  const head = await ask(first, { method: 'HEAD', key: 'log' })
  await first.close()
  const second = await startCloud({ dataDir })
  const again = await ask(second, { method: 'GET', key: 'log' })
  expect(again.text).toBe('x'.repeat(200))
  for (const name of ['etag', 'x-oss-hash-crc64ecma', 'x-oss-next-append-position']) {
    expect(again.headers[name]).toBe(head.headers[name])
  }
  expect((await append(second, 200)).status).toBe(200)
  await second.close()
})

it('is written anew while it is in use, once most of it is outdated', async () => {
  const store = new Store(dataDir)
  store.commit({ type: 'bucket', bucket: 'kept', settings: SETTINGS })
  const last = change(store, 'changed', 4 * SPARE_BYTES)
  expect(bytes()).toBeLessThan(1.1 * SPARE_BYTES)
  await store.close()
  const again = new Store(dataDir)
  expect(again.buckets().map(({ name }) => name)).toEqual(['kept', 'changed'])
  expect(again.bucket('changed')?.settings.createdAt).toBe(last)
  await again.close()
})

it('goes on as it was when it can not be written anew, or a kill prevents it', async () => {
  const fresh = join(dataDir, 'journal.new')
  const store = new Store(dataDir)
  // A folder of the same name simulates a full disk.
  mkdirSync(fresh)
  const last = change(store, 'changed', 2 * SPARE_BYTES)
  expect(bytes()).toBeGreaterThan(2 * SPARE_BYTES)
  await store.close()
  rmSync(fresh, { recursive: true })
  writeFileSync(fresh, '{"type":"bucket","bucket":"half"')
  const again = new Store(dataDir)
  expect(again.buckets().map(({ name }) => name)).toEqual(['changed'])
  expect(again.bucket('changed')?.settings.createdAt).toBe(last)
  await again.close()
})
