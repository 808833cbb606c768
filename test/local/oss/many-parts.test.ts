import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Store } from '../../../local/oss/store/store'
import { ask, BUCKET, NOW, startCloud, textOf } from './support/cloud'

const all = (xml: string, name: string) =>
  [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)

it('completes an upload of 10,000 parts that came out of order', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'oss-parts-'))
  const first = await startCloud({ dataDir })
  const begun = await ask(first, { method: 'POST', key: 'k', query: { uploads: '' } })
  const uploadId = textOf(begun.text, 'UploadId') ?? ''
  await first.close()
  // Journal entries of a gigabyte of parts, without the bytes.
  const store = new Store(dataDir)
  const etag = 'A'.repeat(32)
  for (let number = 10_000; number > 0; number -= 1) {
    const part = { number, blob: `b${number}`, size: 102_400, etag, crc64: '1', modifiedAt: NOW }
    store.commit({ type: 'part', bucket: BUCKET, uploadId, part })
  }
  await store.close()
  const second = await startCloud({ dataDir })
  const listed = await ask(second, { method: 'GET', key: 'k', query: { uploadId } })
  expect([all(listed.text, 'PartNumber').at(-1), textOf(listed.text, 'IsTruncated')]).toEqual([
    '1000',
    'true',
  ])
  const parts = Array.from(
    { length: 10_000 },
    (_, i) => `<Part><PartNumber>${i + 1}</PartNumber><ETag>"${etag}"</ETag></Part>`,
  )
  const body = `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>`
  const reply = await ask(second, { method: 'POST', key: 'k', query: { uploadId } }, body)
  expect(reply.status).toBe(200)
  const head = await ask(second, { method: 'HEAD', key: 'k' })
  expect(head.headers['content-length']).toBe(String(10_000 * 102_400))
  await second.close()
  rmSync(dataDir, { recursive: true })
})
