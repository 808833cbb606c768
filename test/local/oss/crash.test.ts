import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, rmSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../../support/until'
import { BUCKET, ROOT, send, textOf } from './support/cloud'
import { headerV4 } from './support/sign'
import { type Child, dropChildren, startChild } from './support/start-child'

/**
 * The expected content of a key: the last acknowledged body, or any in progress since; and the
 * number of writes.
 */
type Expectation = { acknowledged: string | undefined; underway: Set<string>; count: number }

/** Bodies of all kinds, or small ones with much metadata, which make the journal grow quickly. */
type Kind = 'any' | 'metadata'

let dataDir = ''

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-crash-'))
})
afterEach(() => rmSync(dataDir, { recursive: true, force: true }))
afterAll(dropChildren)

function ask(
  child: Child,
  method: string,
  key: string,
  body: Buffer | string = '',
  query = {},
  headers = {},
) {
  return send(
    child,
    headerV4({ method, bucket: BUCKET, key, query, headers }, ROOT, Date.now()),
    body,
  )
}

const digest = (bytes: Buffer) => createHash('md5').update(bytes).digest('hex')

const expectations = (count: number) =>
  new Map(
    Array.from({ length: count }, (_, i): [string, Expectation] => [
      `key ${i}`,
      { acknowledged: undefined, underway: new Set(), count: 0 },
    ]),
  )

async function write(child: Child, key: string, expected: Expectation, kind: Kind): Promise<void> {
  const isAny = kind === 'any'
  const bytes = randomBytes(isAny && Math.random() < 0.5 ? 3_000_000 : 1000)
  const hash = digest(bytes)
  expected.underway.add(hash)
  const isMultipart = isAny && Math.random() < 0.3
  const headers = isAny ? {} : { 'x-oss-meta-a': 'x'.repeat(8000) }
  const reply = isMultipart
    ? await writeParts(child, key, bytes)
    : await ask(child, 'PUT', key, bytes, {}, headers)
  if (reply.status !== 200) throw new Error(`${reply.status}`)
  expected.acknowledged = hash
  expected.count += 1
  expected.underway.clear()
}

async function writeParts(child: Child, key: string, bytes: Buffer) {
  const begun = await ask(child, 'POST', key, '', { uploads: '' })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  await ask(child, 'PUT', key, bytes, { uploadId, partNumber: '1' })
  return ask(child, 'POST', key, '', { uploadId }, { 'x-oss-complete-all': 'yes' })
}

async function writeUntilKilled(
  child: Child,
  keys: ReadonlyMap<string, Expectation>,
  kind: Kind,
): Promise<void> {
  try {
    for (;;) for (const [key, expected] of keys) await write(child, key, expected, kind)
  } catch {
    // The connection closed: the process has been killed.
  }
}

async function verify(child: Child, key: string, expected: Expectation): Promise<void> {
  const reply = await ask(child, 'GET', key)
  if (reply.status === 404) {
    expect(expected.acknowledged).toBeUndefined()
    return
  }
  const hash = digest(reply.body)
  expect([expected.acknowledged, ...expected.underway]).toContain(hash)
  expect(reply.headers['content-length']).toBe(String(reply.body.length))
  expected.acknowledged = hash
  expected.underway.clear()
}

it('has each object whole, old or new, after it was killed at any moment', async () => {
  const keys = expectations(6)
  const written = () => [...keys.values()].reduce((sum, { count }) => sum + count, 0)
  for (let round = 0; round < 3; round += 1) {
    const child = await startChild({ dataDir })
    for (const [key, expected] of keys) await verify(child, key, expected)
    const writers = [...keys].map((entry) => writeUntilKilled(child, new Map([entry]), 'any'))
    // Killed a little later in each round.
    const before = written()
    await until(() => written() >= before + 4 + 10 * round)
    child.process.kill('SIGKILL')
    await Promise.all([...writers, once(child.process, 'exit')])
  }
  const last = await startChild({ dataDir })
  for (const [key, expected] of keys) await verify(last, key, expected)
  expect(
    [...keys.values()].filter(({ acknowledged }) => acknowledged !== undefined),
  ).not.toHaveLength(0)
  const uploads = await ask(last, 'GET', '', '', { uploads: '' })
  const ids = [...uploads.text.matchAll(/<Key>([^<]*)<\/Key><UploadId>(\w+)/g)]
  for (const [, key = '', uploadId = ''] of ids) await ask(last, 'DELETE', key, '', { uploadId })
  const objects = await ask(last, 'GET', '')
  last.process.kill('SIGKILL')
  await once(last.process, 'exit')
  await (await startChild({ dataDir })).process.kill('SIGKILL')
  expect(readdirSync(join(dataDir, 'blobs'))).toHaveLength(
    objects.text.split('<Contents>').length - 1,
  )
}, 60_000)

it('has each object, old or new, after it was killed while it wrote its journal anew', async () => {
  const keys = expectations(100)
  for (let round = 0; round < 3; round += 1) {
    const child = await startChild({ dataDir })
    for (const [key, expected] of keys) await verify(child, key, expected)
    const watcher = watch(dataDir, (_, name) => {
      if (name === 'journal.new') child.process.kill('SIGKILL')
    })
    await Promise.all([writeUntilKilled(child, keys, 'metadata'), once(child.process, 'exit')])
    watcher.close()
  }
  const last = await startChild({ dataDir })
  for (const [key, expected] of keys) await verify(last, key, expected)
  const acknowledged = [...keys.values()].filter((key) => key.acknowledged !== undefined)
  expect(acknowledged).toHaveLength(100)
}, 60_000)
