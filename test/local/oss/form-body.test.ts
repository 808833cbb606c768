import { createHash } from 'node:crypto'
import { readdirSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { ByteReader } from '../../../local/oss/form/byte-reader'
import { ask, BUCKET, NOW, ROOT, send, startCloud, type TestCloud, textOf } from './support/cloud'
import { formV4 } from './support/sign'

let cloud: TestCloud

beforeAll(async () => {
  cloud = await startCloud()
})
afterAll(() => cloud.close())
beforeEach(async () => {
  cloud.clock.now = NOW
  await ask(cloud, { method: 'DELETE', key: 'body' })
})

describe('the body', () => {
  const raw = (body: string, type = 'multipart/form-data; boundary=B') => {
    const headers = { 'content-type': type }
    return send(cloud, { method: 'POST', path: `/${BUCKET}/`, headers }, body)
  }
  const fields = () =>
    formV4({ fields: [['key', 'body']], conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
      .map(([n, v]) => `--B\r\nContent-Disposition: form-data; name="${n}"\r\n\r\n${v}\r\n`)
      .join('')
  const file = '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nhi\r\n'

  it('may have a preamble, padding and an epilogue', async () => {
    const reply = await raw(`preamble\r\n${fields()}${file}--B--\r\nepilogue --B`)
    expect(reply.status).toBe(204)
    expect((await ask(cloud, { method: 'GET', key: 'body' })).text).toBe('hi')
  })

  it('may hold a boundary look-alike', async () => {
    const content = '\r\n--\r\n--A\r\n-B\r\n--'
    const reply = await raw(`${fields()}${file.replace('hi', content)}--B--\r\n`)
    expect(reply.status).toBe(204)
    expect((await ask(cloud, { method: 'GET', key: 'body' })).text).toBe(content)
  })

  it.each([
    ['no file', `--B--\r\n`],
    ['a file that never ends', '--B\r\nContent-Disposition: form-data; name="file"\r\n\r\nhi'],
    ['a file without the last dashes', `${file}--B`],
    ['a part without a name', '--B\r\nContent-Disposition: form-data\r\n\r\nx\r\n--B--'],
    [
      'a field after the file',
      `${file}--B\r\nContent-Disposition: form-data; name="submit"\r\n\r\nUpload\r\n--B--`,
    ],
    ['nothing', ''],
  ])('is refused with %s', async (_, rest) => {
    const reply = await raw(rest === '' ? '' : `${fields()}${rest}`)
    expect([reply.status, reply.code, reply.ec]).toEqual([
      400,
      'MalformedPOSTRequest',
      '0006-00000104',
    ])
    expect((await ask(cloud, { method: 'GET', key: 'body' })).code).toBe('NoSuchKey')
  })

  const text = 'Content-Type: text/plain'
  const disposition = (name: string) => `Content-Disposition: form-data; name="${name}"`
  it.each([
    ['a field', [text, disposition('note')], 'x', file],
    ['the file', [text, disposition('file')], 'hi', ''],
    ['an unknown header of a field', ['Content: form-data; name="note"'], 'x', file],
    ['nothing', [], 'x', file],
  ])(
    'is refused when a part begins with another header than its name: %s',
    async (_, head, value, rest) => {
      const part = `--B\r\n${[...head, ''].join('\r\n')}\r\n${value}\r\n`
      const reply = await raw(`${fields()}${part}${rest}--B--`)
      expect([reply.status, reply.code, reply.ec]).toEqual([
        400,
        'MalformedPOSTRequest',
        '0006-00000109',
      ])
      expect((await ask(cloud, { method: 'GET', key: 'body' })).code).toBe('NoSuchKey')
    },
  )

  it('may have a type behind the name of a part, in any case', async () => {
    const head = 'content-disposition: form-data; name="note"\r\ncontent-type: text/plain'
    const reply = await raw(`${fields()}--B\r\n${head}\r\n\r\nx\r\n${file}--B--`)
    expect(reply.status).toBe(204)
  })

  it('is refused with two files', async () => {
    const reply = await raw(`${fields()}${file}${file}--B--\r\n`)
    expect([reply.status, reply.code]).toEqual([400, 'IncorrectNumberOfFilesInPOSTRequest'])
  })

  it.each(['multipart/mixed; boundary=B', 'multipart/form', 'Multipart/Form-Datas'])(
    'is refused as %j',
    async (type) => {
      const reply = await raw('a=b', type)
      expect([reply.status, reply.code]).toEqual([400, 'RequestIsNotMultiPartContent'])
    },
  )

  it.each(['text/plain', 'application/x-www-form-urlencoded', ''])(
    'is no form as %j, and buckets know no other POST',
    async (type) => {
      const reply = await raw('a=b', type)
      expect([reply.status, reply.code, reply.ec]).toEqual([
        405,
        'MethodNotAllowed',
        '0017-00000001',
      ])
      expect([textOf(reply.text, 'Method'), textOf(reply.text, 'ResourceType')]).toEqual([
        'POST',
        'Bucket',
      ])
    },
  )

  it('does not let a file name smuggle in another name', async () => {
    const evil = file.replace('name="file"', 'name="file"; filename="a; name=\\"key\\""')
    expect((await raw(`${fields()}${evil}--B--\r\n`)).status).toBe(204)
  })

  it('is refused when the policy expires while it arrives', async () => {
    const own = await startCloud()
    const head = `${fields()}--B\r\nContent-Disposition: form-data; name="file"\r\n\r\n`
    const end = '\r\n--B--\r\n'
    const stored = () => readdirSync(join(own.dataDir, 'blobs')).length
    const reply = await new Promise<string>((resolve, reject) => {
      const headers = {
        'content-type': 'multipart/form-data; boundary=B',
        'content-length': head.length + 100_000 + end.length,
      }
      const target = { port: own.port, host: '127.0.0.1', method: 'POST', path: `/${BUCKET}/` }
      const outgoing = request({ ...target, headers }, (response) => {
        let text = ''
        response.on('data', (chunk) => {
          text += chunk
        })
        response.once('end', () => resolve(text))
      })
      outgoing.once('error', reject)
      outgoing.write(head + 'x'.repeat(50_000))
      // The file is created only after the fields have been verified.
      const timer = setInterval(() => {
        if (stored() === 0) return
        clearInterval(timer)
        own.clock.now = NOW + 600_001
        outgoing.end('x'.repeat(50_000) + end)
      }, 5)
    })
    expect(textOf(reply, 'EC')).toBe('0006-00000213')
    expect(stored()).toBe(0)
    await own.close()
  })

  it('must match its Content-MD5', async () => {
    const body = `${fields()}${file}--B--\r\n`
    const digest = createHash('md5').update(body).digest('base64')
    const headers = { 'content-type': 'multipart/form-data; boundary=B', 'content-md5': digest }
    const signed = { method: 'POST', path: `/${BUCKET}/`, headers }
    expect((await send(cloud, signed, body)).status).toBe(204)
    const other = await send(cloud, signed, `${body} `)
    expect([other.status, other.code]).toEqual([400, 'InvalidDigest'])
  })
})

it('is read the same however it is cut into chunks', async () => {
  const content = '\r\n--\r\r\n--A\r\n-B\r\n--'
  const text = Buffer.from(`${content}\r\n--B--`)
  const delimiter = Buffer.from('\r\n--B')
  const ends = { onEnd: () => new Error('ended') }
  for (let first = 0; first <= text.length; first += 1) {
    for (const second of [first, first + 1, first + 3]) {
      const cuts = [text.subarray(0, first), text.subarray(first, second), text.subarray(second)]
      const source = Readable.from(
        cuts.filter(({ length }) => length > 0),
        { objectMode: false },
      )
      const reader = new ByteReader(source, Buffer.alloc(0))
      const read: Buffer[] = []
      for await (const chunk of reader.chunksUntil(delimiter, ends)) read.push(chunk)
      expect(Buffer.concat(read).toString()).toBe(content)
      expect((await reader.take(2, ends)).toString()).toBe('--')
    }
  }
})
