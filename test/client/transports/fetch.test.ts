// Covers client/transports/fetch.ts and client/transports/to-sending.ts.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { fetchTransport } from '../../../client'
import type { Bytes } from '../../e2e/support/client'
import { errorOf } from '../support/client'

type Received = { headers: IncomingHttpHeaders; body: Bytes }

let server: Server
let url: string
let received: Received[] = []
beforeAll(async () => {
  server = createServer(async (request, response) => {
    const { headers } = request
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    received.push({ headers, body: Buffer.concat(chunks) })
    if (request.url === '/reset') request.socket.destroy()
    else response.writeHead(203, { ETag: '"E"', 'X-Two': ['a', 'b'] }).end('text')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => server.close())
beforeEach(() => {
  received = []
})

const NOTHING: Received = { headers: {}, body: Buffer.alloc(0) }
const PUT = { method: 'PUT', headers: {} } as const

it('returns every status, with header names in lower case', async () => {
  expect(await fetchTransport({ ...PUT, url })).toMatchObject({
    ...{ status: 203, text: 'text', headers: { etag: '"E"', 'x-two': 'a, b' } },
  })
})

it.each([0, 1, 65_536, 65_537, 1_000_000])(
  'sends %i bytes with their length, and counts them',
  async (size) => {
    const body = new Blob([new Uint8Array(size).fill(7)])
    const sent: number[] = []
    const headers = { 'Content-Length': '1', Host: 'a.test', 'content-type': 'a/b' }
    await fetchTransport({ ...PUT, url, headers, body, onProgress: (bytes) => sent.push(bytes) })
    const [{ headers: got, body: bytes } = NOTHING] = received
    expect(bytes.length).toBe(size)
    expect(got).toMatchObject({ 'content-length': String(size), 'content-type': 'a/b' })
    expect([got.host, got['transfer-encoding']]).toEqual([new URL(url).host, undefined])
    const pieces = Math.ceil(size / 65_536)
    expect(sent).toEqual(
      Array.from({ length: pieces + 1 }, (_, index) => Math.min(index * 65_536, size)),
    )
  },
)

it('sends bytes and text', async () => {
  await fetchTransport({ ...PUT, url, body: new Uint8Array([1, 2]) })
  await fetchTransport({ ...PUT, url, body: '{"a":"报"}' })
  expect(received.map(({ body }) => body)).toEqual([Buffer.from([1, 2]), Buffer.from('{"a":"报"}')])
})

it.each([
  ['a Blob', new Blob(['hello'])],
  ['bytes', new TextEncoder().encode('hello')],
])('sends a form with its fields in order, and the file last: %s', async (_, body) => {
  const fields = { key: 'a/"b".txt', 'x:报': '报' }
  await fetchTransport({ method: 'POST', url, headers: {}, fields, body })
  const [{ headers, body: bytes } = NOTHING] = received
  const form = await new Response(bytes, {
    headers: { 'content-type': headers['content-type'] ?? '' },
  }).formData()
  const entries = [...form.entries()].map(([name, value]) => [
    name,
    typeof value === 'string' ? value : value.name,
  ])
  expect(entries).toEqual([...Object.entries(fields), ['file', 'file']])
  expect(await (form.get('file') as File).text()).toBe('hello')
  expect(headers['content-length']).toBe(String(bytes.length))
})

it('says that no answer came', async () => {
  const error = await errorOf(fetchTransport({ ...PUT, url: `${url}/reset` }))
  expect(error).toMatchObject({ code: 'network', retryable: true, cause: { name: 'TypeError' } })
  expect(error.message).not.toContain(url)
})

it('ends with the reason of its signal, before and while it sends', async () => {
  const reason = new Error('left')
  await expect(fetchTransport({ ...PUT, url, signal: AbortSignal.abort(reason) })).rejects.toBe(
    reason,
  )
  const leaving = new AbortController()
  const onProgress = () => leaving.abort(reason)
  const body = new Blob([new Uint8Array(10_000_000)])
  await expect(
    fetchTransport({ ...PUT, url, body, onProgress, signal: leaving.signal }),
  ).rejects.toBe(reason)
})
