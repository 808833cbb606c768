import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { OutgoingRequest } from '../../shared/http/message'
import { createSend } from '../../shared/http/send'

type Answer = (request: IncomingMessage, response: ServerResponse) => void

let server: Server
let base: string
let answer: Answer
const sockets = new Set<unknown>()

beforeAll((done) => {
  server = createServer((request, response) => answer(request, response))
  server.on('connection', (socket) => sockets.add(socket))
  server.listen(0, '127.0.0.1', () => {
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    done()
  })
})

afterAll((done) => {
  server.close(done)
  server.closeAllConnections()
})

function send(changed: Partial<OutgoingRequest> = {}, client = createSend()) {
  const order = { method: 'GET', url: `${base}/a%20b?c=%2F`, timeoutMs: 2000, maxBytes: 10 }
  return client({ ...order, ...changed })
}

describe('send', () => {
  it('sends method, path, headers and body as given, and reads the whole answer', async () => {
    let seen: unknown
    answer = (request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const { method, url, headers } = request
        seen = {
          method,
          url,
          a: headers['x-a'],
          length: headers['content-length'],
          chunks: Buffer.concat(chunks).toString(),
        }
        response.writeHead(201, { 'X-B': 'b', 'Set-Cookie': ['c=1', 'd=2'] }).end('é')
      })
    }
    const response = await send({ method: 'PUT', headers: { 'x-a': '1' }, body: 'héllo' })
    expect(seen).toEqual({
      method: 'PUT',
      url: '/a%20b?c=%2F',
      a: '1',
      length: '6',
      chunks: 'héllo',
    })
    expect(response).toMatchObject({
      status: 201,
      headers: { 'x-b': 'b', 'set-cookie': 'c=1, d=2' },
    })
    expect(response.body.toString()).toBe('é')
  })

  it('sends an explicit length of 0 with an empty PUT or POST, and none with a GET or HEAD', async () => {
    const lengths: (string | undefined)[] = []
    answer = (request, response) => {
      lengths.push(request.headers['content-length'], request.headers['transfer-encoding'])
      response.end()
    }
    for (const method of ['PUT', 'POST', 'GET', 'HEAD']) await send({ method })
    const none = [undefined, undefined]
    expect(lengths).toEqual(['0', undefined, '0', undefined, ...none, ...none])
  })

  it('frames a body by its length in bytes, whatever the method', async () => {
    const seen: unknown[] = []
    answer = (request, response) => {
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
      request.on('end', () => response.end(request.headers['content-length']))
    }
    for (const method of ['DELETE', 'POST', 'GET']) {
      const { body } = await send({ method, body: Buffer.from('é') })
      seen.push(body.toString())
    }
    expect(seen).toEqual(['é', '2', 'é', '2', 'é', '2'])
  })

  it('reads an answer of exactly the allowed length and refuses one byte more', async () => {
    answer = (_, response) => void response.end('0123456789')
    expect((await send()).body).toHaveLength(10)
    answer = (_, response) => void response.end('0123456789a')
    await expect(send()).rejects.toThrow('longer than 10 bytes')
  })

  it('does not follow a redirect', async () => {
    answer = (_, response) =>
      void response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end()
    expect(await send()).toMatchObject({ status: 302 })
  })

  it('gives up when no answer comes in time', async () => {
    answer = () => undefined
    await expect(send({ timeoutMs: 50 })).rejects.toMatchObject({
      message: 'No complete response within 50 ms',
      cause: { name: 'AbortError' },
    })
  })

  it('gives up when an answer drips past the time limit', async () => {
    answer = (_, response) => void response.writeHead(200).write('a')
    await expect(send({ timeoutMs: 50 })).rejects.toThrow('No complete response within 50 ms')
  })

  it('rejects an answer that breaks off', async () => {
    answer = (_, response) => {
      response.writeHead(200, { 'content-length': '5' }).write('a')
      setImmediate(() => response.destroy())
    }
    await expect(send()).rejects.toThrow()
  })

  it('keeps its connection for the next request', async () => {
    answer = (_, response) => void response.end('a')
    const client = createSend()
    await send({}, client)
    const before = sockets.size
    await send({}, client)
    expect(sockets.size).toBe(before)
  })

  it('sends a GET again when a kept connection proves dead, and a PUT not', async () => {
    let calls = 0
    const client = createSend()
    const dieOnSecond: Answer = (request, response) => {
      calls++
      if (calls === 2) request.socket.resetAndDestroy()
      else response.end('a')
    }
    answer = dieOnSecond
    await send({}, client)
    expect(await send({}, client)).toMatchObject({ status: 200 })
    expect(calls).toBe(3)
    calls = 0
    await send({}, client)
    await expect(send({ method: 'PUT' }, client)).rejects.toMatchObject({
      message: 'A reused connection was closed',
      cause: { code: 'ECONNRESET' },
    })
    expect(calls).toBe(2)
  })

  it('sends nothing again over a connection that is new, or that breaks in another way', async () => {
    let calls = 0
    answer = (request) => {
      calls++
      request.socket.resetAndDestroy()
    }
    await expect(send()).rejects.toMatchObject({ code: 'ECONNRESET' })
    expect(calls).toBe(1)
    calls = 0
    answer = (request, response) => {
      calls++
      if (calls === 1) response.end('a')
      else request.socket.end('no HTTP\r\n\r\n')
    }
    const client = createSend()
    await send({}, client)
    await expect(send({}, client)).rejects.toMatchObject({ code: expect.stringMatching(/^HPE_/) })
    expect(calls).toBe(2)
  })

  it('rejects a refused connection', async () => {
    await expect(send({ url: 'http://127.0.0.1:1/' })).rejects.toThrow('ECONNREFUSED')
  })

  it.each(['ftp://127.0.0.1/', 'file:///etc/passwd', 'data:,a'])(
    'sends nothing over %s',
    async (url) => {
      await expect(send({ url })).rejects.toThrow('Unsupported protocol')
    },
  )

  it('names no URL, header or body in what it throws', async () => {
    answer = () => undefined
    const error = await send({ timeoutMs: 20, url: `${base}/?x-oss-signature=abc` }).catch((e) => e)
    expect(`${error.message} ${error.cause?.message}`).not.toMatch(/signature|abc/)
  })
})
