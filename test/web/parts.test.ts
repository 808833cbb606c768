import { toSignedUrl, toStsCredentials } from '../../web/api'
import { formatBytes, percent } from '../../web/format'
import { countOf, textsOf, timeOf } from '../../web/parse'
import { readProof } from '../../web/proof'
import { createQueue } from '../../web/queue'
import { toNotes } from '../../web/rules'

const PROOF = { status: 'ok', key: 'a/b', size: 0, etag: 'E', contentType: 'a/b' }

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [1023, '1023 bytes'],
  [1024, '1 KiB'],
  [5 * 1024 ** 2, '5 MiB'],
  [6_501_171, '6.2 MiB'],
  [1024 ** 2 - 1, '1 MiB'],
  [123_456_789, '117.7 MiB'],
  [2 * 1024 ** 3, '2 GiB'],
  [2 ** 52, '4096 TiB'],
])('writes %d bytes as %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text)
})

test.each([
  [0, 0, 100],
  [0, 10, 0],
  [999, 1000, 99],
  [10, 10, 100],
])('takes %d of %d as %d percent', (done, total, share) => {
  expect(percent(done, total)).toBe(share)
})

test('reads what the callback proved', () => {
  expect(readProof({ status: 200, text: JSON.stringify(PROOF) })).toEqual(PROOF)
})

test('takes no proof from an answer that is not 200', () => {
  const code = 'CallbackFailed'
  expect(() => readProof({ status: 203, text: JSON.stringify(PROOF) })).toThrow(
    expect.objectContaining({ code }),
  )
})

test.each(['', '{}', 'null', '[]', JSON.stringify({ ...PROOF, size: '0' })])(
  'takes a 200 with %j as stored but not proven',
  (text) => {
    const title = 'Stored, but not proven'
    expect(() => readProof({ status: 200, text })).toThrow(expect.objectContaining({ title }))
  },
)

test.each([undefined, null, -1, 1.5, Number.NaN, '1', []])('refuses %p as a number', (size) => {
  expect(() => countOf({ size }, 'size')).toThrow('no number "size"')
})

test.each([undefined, null, 0, 'abc', ''])('refuses %p as a time', (at) => {
  expect(() => timeOf({ at }, 'at')).toThrow('"at"')
})

test('keeps the order of a map of texts and refuses one with anything else', () => {
  const fields = { key: '1', policy: '2', 'x:ticket': '3' }
  expect(Object.entries(textsOf({ fields }, 'fields'))).toEqual(Object.entries(fields))
  expect(() => textsOf({ fields: { key: 1 } }, 'fields')).toThrow('no string "key"')
})

test("measures a signed URL's life by the server's clock, not by this device's", () => {
  const times = { expiresAt: '1999-01-01T00:15:00Z', serverTime: '1999-01-01T00:00:00Z' }
  const answer = { url: 'http://a/', headers: {}, key: 'k', ...times }
  expect(toSignedUrl(answer).lifetimeMs).toBe(900_000)
})

test.each(['credentials', 'endpoint', 'callback', 'refreshAfter', 'serverTime'])(
  'refuses lent credentials without %s',
  (missing) => {
    const answer = {
      credentials: { accessKeyId: 'a', accessKeySecret: 'b', securityToken: 'c' },
      ...{ bucket: 'b', region: 'r', endpoint: 'http://a', prefix: 'p/' },
      callback: {
        ...{ callbackUrl: 'http://c', callbackBody: '{}', callbackBodyType: 'application/json' },
        callbackVar: { 'x:ticket': 't' },
      },
      refreshAfter: '2026-11-22T00:48:00Z',
      serverTime: '2026-11-22T00:00:00Z',
    }
    expect(toStsCredentials(answer).refreshAfterMs).toBe(48 * 60_000)
    expect(() => toStsCredentials({ ...answer, [missing]: undefined })).toThrow('The response has')
  },
)

test('says of each rule that takes uploads what it takes, and leaves out the others', () => {
  const rules = [
    {
      name: 'documents',
      isForSome: true,
      upload: {
        contentTypes: ['application/pdf', 'image/*'],
        minBytes: 3,
        maxBytes: 2_000_000_000,
        mechanisms: ['sts', 'url', 'fax'],
      },
    },
    { name: 'read', isForSome: false },
    { name: 'any', isForSome: false, upload: { contentTypes: ['*/*'], mechanisms: ['form'] } },
  ]
  expect(toNotes({ rules })).toEqual([
    {
      name: 'documents',
      note: 'application/pdf or image/*, at least 3 bytes, at most 1.9 GiB. Not for every caller.',
      mechanisms: ['sts', 'url'],
      limits: {
        contentTypes: ['application/pdf', 'image/*'],
        minBytes: 3,
        maxBytes: 2_000_000_000,
      },
    },
    {
      name: 'any',
      note: 'Any type.',
      mechanisms: ['form'],
      limits: { contentTypes: ['*/*'], minBytes: 0, maxBytes: Infinity },
    },
  ])
  expect(toNotes({})).toEqual([])
})

test('runs as many tasks at once as the line is wide, in order', async () => {
  const enqueue = createQueue(2)
  const { signal } = new AbortController()
  const started: number[] = []
  const finish: (() => void)[] = []
  const runs = [0, 1, 2, 3].map((task) =>
    enqueue(() => {
      started.push(task)
      return new Promise<void>((resolve) => {
        finish[task] = resolve
      })
    }, signal),
  )
  await Promise.resolve()
  expect(started).toEqual([0, 1])
  finish[1]?.()
  await runs[1]
  expect(started).toEqual([0, 1, 2])
  finish[0]?.()
  finish[2]?.()
  await runs[2]
  finish[3]?.()
  await Promise.all(runs)
  expect(started).toEqual([0, 1, 2, 3])
  expect(await enqueue(async () => 'later', signal)).toBe('later')
})

test('never starts a task that was taken out of the line, and goes on after a failed one', async () => {
  const enqueue = createQueue(1)
  const stay = new AbortController().signal
  const leave = new AbortController()
  const failing = enqueue(async () => {
    throw new Error('broken')
  }, stay)
  const left = enqueue(async () => 'ran', leave.signal)
  const last = enqueue(async () => 'last', stay)
  leave.abort()
  await expect(failing).rejects.toThrow('broken')
  await expect(left).rejects.toThrow('aborted')
  expect(await last).toBe('last')
})
