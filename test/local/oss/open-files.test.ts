import { readdirSync, readlinkSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import type { FaultRule } from '../../../local/oss/faults'
import { until } from '../../support/until'
import { ask, BUCKET, NOW, ROOT, shareCloud, textOf } from './support/cloud'
import { headerV4 } from './support/sign'

/** The number of times that the cloud read its clock, which it does first for every request. */
let clockReads = 0
const cloud = shareCloud({
  now: () => {
    clockReads += 1
    return NOW
  },
})

// Waits for a stable result: a file may still be opened, only to be closed again.
async function untilItStays(isDone: () => boolean): Promise<void> {
  let inARow = 0
  await until(() => {
    inARow = isDone() ? inARow + 1 : 0
    return inARow === 10
  })
}

function rawGet(): string {
  const { path, headers } = headerV4({ method: 'GET', bucket: BUCKET, key: 'wanted' }, ROOT, NOW)
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
  return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${lines.join('')}\r\n`
}

const folder = () => join(cloud().dataDir, 'blobs')
const blobs = () => readdirSync(folder())
const openBlobs = () =>
  readdirSync('/proc/self/fd').filter((fd) => {
    try {
      return readlinkSync(`/proc/self/fd/${fd}`).startsWith(folder())
    } catch {
      // Closed in the meantime.
      return false
    }
  })
const reads = () => cloud().log.filter(({ method, key }) => method === 'GET' && key === 'wanted')
const half = Buffer.alloc(2 * 1024 * 1024, 1)
const append = (position: number) => {
  const query = { append: '', position: String(position) }
  return ask(cloud(), { method: 'POST', key: 'wanted', query }, half)
}

beforeEach(async () => {
  await ask(cloud(), { method: 'DELETE', key: 'wanted' })
  cloud().log.length = 0
})
afterEach(() => cloud().setFaults([]))

describe.each([
  ['of one piece', () => ask(cloud(), { method: 'PUT', key: 'wanted' }, half)],
  ['of two pieces', async () => [await append(0), await append(half.length)]],
])('an object %s', (_, write) => {
  it.each<[string, FaultRule['respond'] | undefined, number]>([
    ['its connection is reset', 'reset', 1],
    ['it is cut off', 'truncate', 1],
    ['its client leaves before it comes', { delayMs: 300 }, 1],
    ['its client leaves while it comes', undefined, 1],
    ['it waits behind others', undefined, 20],
    ['it waits behind others to be cut off', 'truncate', 20],
    ['it comes when others wait no more', { delayMs: 300 }, 20],
  ])('keeps no file when %s', async (_, respond, count) => {
    await write()
    cloud().setFaults(respond ? [{ match: { method: 'GET' }, respond }] : [])
    const socket = connect(cloud().port, '127.0.0.1')
    socket.once('error', () => undefined).pause()
    clockReads = 0
    socket.write(rawGet().repeat(count))
    // A delayed request only reads the clock; any other is logged when its response begins.
    await until(() => (typeof respond === 'object' ? clockReads : reads().length) >= count)
    socket.destroy()
    await untilItStays(() => reads().length >= count && openBlobs().length === 0)
    expect(reads().length).toBeGreaterThanOrEqual(count)
    expect(openBlobs()).toEqual([])
    await ask(cloud(), { method: 'DELETE', key: 'wanted' })
    await untilItStays(() => blobs().length === 0)
    expect(blobs()).toEqual([])
  })

  it.each<[string, FaultRule['respond'] | undefined]>([
    ['it is asked for', undefined],
    ['nobody is there to hear', 'reset'],
    ['it was to be cut off', 'truncate'],
  ])('ends no more than its connection when its file is gone and %s', async (_, respond) => {
    await write()
    for (const name of blobs()) rmSync(join(folder(), name))
    cloud().setFaults(respond ? [{ match: { method: 'GET' }, respond }] : [])
    await expect(ask(cloud(), { method: 'GET', key: 'wanted' })).rejects.toThrow(
      /hang up|ECONNRESET/,
    )
    const hasCause = () => reads().some(({ detail }) => detail?.includes('ENOENT'))
    if (respond !== 'reset') await untilItStays(hasCause)
    expect(hasCause()).toBe(respond !== 'reset')
    expect((await ask(cloud(), { method: 'HEAD', key: 'wanted' })).status).toBe(200)
  })

  it('fails no more than its copy when its file is gone', async () => {
    await write()
    for (const name of blobs()) rmSync(join(folder(), name))
    const begun = await ask(cloud(), { method: 'POST', key: 'copy', query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    const headers = { 'x-oss-copy-source': `/${BUCKET}/wanted` }
    const query = { uploadId, partNumber: '1' }
    const reply = await ask(cloud(), { method: 'PUT', key: 'copy', query, headers })
    expect([reply.status, reply.code, reply.ec]).toEqual([500, 'InternalError', undefined])
    expect(cloud().log.at(-1)?.detail).toContain('ENOENT')
  })
})
