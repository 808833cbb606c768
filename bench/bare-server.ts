import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, statSync, unlinkSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

// The reference for the local OSS: an HTTP server that streams bodies to disk and files back
// without any checks. With BARE_MD5 it computes an MD5, which every upload server needs.
const folder = String(process.env.OSS_DATA)
const withMd5 = process.env.BARE_MD5 === 'yes'

const METHODS: Record<string, (name: string, _: IncomingMessage, answer: ServerResponse) => void> =
  { GET: sendFile, PUT: receiveFile, POST: receiveFile, DELETE: removeFile }

// The same as the local OSS: a connection that closes while the other server is measured would fail
// a request.
const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  const name = join(folder, encodeURIComponent(request.url ?? ''))
  METHODS[request.method ?? '']?.(name, request, response)
})

function sendFile(name: string, _: IncomingMessage, response: ServerResponse): void {
  response.writeHead(200, { 'content-length': statSync(name).size })
  pipeline(createReadStream(name), response, () => undefined)
}

function receiveFile(name: string, request: IncomingMessage, response: ServerResponse): void {
  const digest = withMd5 ? createHash('md5') : undefined
  if (digest) request.on('data', (chunk) => digest.update(chunk))
  pipeline(request, createWriteStream(name), () => {
    response.writeHead(200, { etag: digest?.digest('hex') ?? 'none' })
    response.end()
  })
}

function removeFile(name: string, _: IncomingMessage, response: ServerResponse): void {
  unlinkSync(name)
  response.writeHead(204)
  response.end()
}

server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
