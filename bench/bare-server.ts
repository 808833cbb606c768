import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream, statSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { pipeline } from 'node:stream'

// What the local OSS is compared with: an HTTP server that streams bodies to disk and files back,
// checks nothing, and with BARE_MD5 computes the one digest that no upload server can do without.
const folder = String(process.env.OSS_DATA)
const withMd5 = process.env.BARE_MD5 === 'yes'
let count = 0

const server = createServer((request, response) => {
  const name = join(folder, encodeURIComponent((request.url ?? '').split('?')[0] ?? ''))
  if (request.method === 'GET') {
    response.writeHead(200, { 'content-length': statSync(name).size })
    pipeline(createReadStream(name), response, () => undefined)
    return
  }
  const digest = withMd5 ? createHash('md5') : undefined
  if (digest) request.on('data', (chunk) => digest.update(chunk))
  count += 1
  const file = request.method === 'POST' ? `${name}-${count}` : name
  pipeline(request, createWriteStream(file), () => {
    response.writeHead(200, { etag: digest?.digest('hex') ?? 'none' })
    response.end()
  })
})

server.listen(0, '127.0.0.1', () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
