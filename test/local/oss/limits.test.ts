import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ObjectRecord } from '../../../local/oss/store/records'
import { Store } from '../../../local/oss/store/store'
import { ask, BUCKET, NOW, ROOT, startCloud, type TestCloud, textOf } from './support/cloud'
import { outcome } from './support/schemes'
import { headerV4, type Signed } from './support/sign'

const MOST = 5 * 1024 ** 3

let dataDir = ''
let cloud: TestCloud

// Journal entries of five-gigabyte objects, without the bytes.
beforeAll(async () => {
  dataDir = mkdtempSync(join(tmpdir(), 'oss-limits-'))
  await (await startCloud({ dataDir })).close()
  const store = new Store(dataDir)
  const write = (key: string, kind: ObjectRecord['kind'], size: number) => {
    const rest = {
      etag: 'A'.repeat(32),
      crc64: '1',
      headers: {},
      acl: 'default',
      tags: [],
    } as const
    const record = { key, kind, size, segments: [{ blob: key, size }], ...rest, modifiedAt: NOW }
    store.commit({ type: 'put', bucket: BUCKET, record: { ...record, tags: [] } })
  }
  write('huge', 'Multipart', MOST + 1)
  write('log', 'Appendable', MOST - 1)
  await store.close()
  cloud = await startCloud({ dataDir })
})
afterAll(async () => {
  await cloud.close()
  rmSync(dataDir, { recursive: true, force: true })
})

const put = (query: Record<string, string> = {}): Signed =>
  headerV4({ method: 'PUT', bucket: BUCKET, key: 'announced', query }, ROOT, NOW)
const form = (): Signed => {
  const headers = { 'content-type': 'multipart/form-data; boundary=B' }
  return { method: 'POST', path: `/${BUCKET}/`, headers }
}

/** Returns the response to a header that announces this many bytes, of which none are sent. */
function announce({ method, path, headers }: Signed, length: number): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(cloud.port, '127.0.0.1')
    const all = { host: 'localhost', ...headers, expect: '100-continue', 'content-length': length }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`)
    let answer = ''
    socket.on('data', (chunk) => {
      answer += chunk
      if (answer.startsWith('HTTP/1.1 100') || answer.includes('</Error>')) {
        socket.destroy()
        resolve(answer)
      }
    })
    socket.once('error', reject)
    socket.write(`${method} ${path} HTTP/1.1\r\n${lines.join('')}\r\n`)
  })
}

const summarize = (answer: string) => [
  Number(answer.slice(9, 12)),
  textOf(answer, 'Code'),
  textOf(answer, 'EC'),
]

describe('five gigabytes', () => {
  it('are the most of an object that is put', async () => {
    expect(summarize(await announce(put(), MOST))[0]).toBe(100)
    const refused = [400, 'EntityTooLarge', '0006-00000003']
    expect(summarize(await announce(put(), MOST + 1))).toEqual(refused)
  })

  it('are the most of a part', async () => {
    const begun = await ask(cloud, { method: 'POST', key: 'announced', query: { uploads: '' } })
    const part = put({ uploadId: textOf(begun.text, 'UploadId') ?? '', partNumber: '1' })
    expect(summarize(await announce(part, MOST))[0]).toBe(100)
    expect(summarize(await announce(part, MOST + 1))).toEqual([
      400,
      'EntityTooLarge',
      '0006-00000003',
    ])
  })

  it('are the most of a form', async () => {
    expect(summarize(await announce(form(), MOST))[0]).toBe(100)
    expect(summarize(await announce(form(), MOST + 1))).toEqual([400, 'InvalidArgument', undefined])
  })

  it('are the most that is copied, into an object or a part', async () => {
    const headers = { 'x-oss-copy-source': `/${BUCKET}/huge` }
    const copy = await ask(cloud, { method: 'PUT', key: 'copy', headers })
    expect(outcome(copy)).toEqual([400, 'EntityTooLarge', '0006-00000003'])
    const begun = await ask(cloud, { method: 'POST', key: 'copy', query: { uploads: '' } })
    const query = { uploadId: textOf(begun.text, 'UploadId') ?? '', partNumber: '1' }
    const part = await ask(cloud, { method: 'PUT', key: 'copy', query, headers })
    expect(outcome(part)).toEqual([400, 'EntityTooLarge', '0006-00000003'])
  })

  it('are as far as an object is appended to', async () => {
    const append = (body: string) => {
      const query = { append: '', position: String(MOST - 1) }
      return ask(cloud, { method: 'POST', key: 'log', query }, body)
    }
    expect(outcome(await append('xy'))).toEqual([400, 'EntityTooLarge', '0006-00000003'])
    const reply = await append('x')
    expect([reply.status, reply.headers['x-oss-next-append-position']]).toEqual([200, String(MOST)])
  })
})

it.each([
  ['4 MB', 4 * 1024 ** 2, [200, undefined]],
  ['4 MB and one byte', 4 * 1024 ** 2 + 1, [400, 'MalformedXML']],
])('judges XML of %s', async (_, length, expected) => {
  const [head, tail] = [
    '<Tagging><TagSet>',
    '<Tag><Key>k</Key><Value>v</Value></Tag></TagSet></Tagging>',
  ]
  await ask(cloud, { method: 'PUT', key: 'tagged' }, 'x')
  const body = head + ' '.repeat(length - head.length - tail.length) + tail
  const reply = await ask(cloud, { method: 'PUT', key: 'tagged', query: { tagging: '' } }, body)
  expect([reply.status, reply.code]).toEqual(expected)
})
