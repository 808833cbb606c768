import { randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import type { Account } from '../ram/types'
import { CALLBACK_KEY_PATH, openCallbackKey } from './callback/key'
import type { Cloud, LogEntry } from './cloud'
import { DEFAULT_CORS_RULE } from './cors'
import { answerRequest } from './handle'
import { Store } from './store/store'
import { isBucketName } from './wire'

/** What `startOss` needs; `now` in Unix ms. */
export type OssOptions = {
  host: string
  /** 0 for any free one. */
  port: number
  account: Account
  region: string
  /** Made at the start when they aren't there. */
  buckets: string[]
  dataDir: string
  now: () => number
  log: (entry: LogEntry) => void
  /** Custom domains by host name, each bound to one bucket. */
  cnames?: Record<string, string>
}

/** A running OSS. */
export type OssServer = {
  url: string
  port: number
  /** The public half of the key that signs callbacks, and where it is served. */
  callbackKey: { url: string; pem: string }
  close(): Promise<void>
}

const MAX_HEADER_BYTES = 64 * 1024
const IDLE_MS = 120_000

/** Starts the local OSS on loopback. */
export async function startOss(options: OssOptions): Promise<OssServer> {
  const { account, region, now, log, cnames = {} } = options
  const store = new Store(options.dataDir)
  createBuckets(store, options.buckets, now())
  const server = createHttpServer()
  try {
    await listen(server, options)
  } catch (error) {
    await store.close()
    throw error
  }
  // `listen` has resolved, so that this is a TCP address.
  const { port } = server.address() as AddressInfo
  const url = `http://localhost:${port}`
  const callbackKey = openCallbackKey(options.dataDir, `${url}${CALLBACK_KEY_PATH}`)
  const cloud: Cloud = { account, region, store, callbackKey, now }
  const serve = (request: IncomingMessage, response: ServerResponse) =>
    void answerRequest({ request, response, cloud, naming: { region, cnames }, log })
  server.on('request', serve).on('checkContinue', serve)
  return {
    url,
    port,
    callbackKey: { url: callbackKey.url, pem: callbackKey.pem },
    close: () => close(server, store),
  }
}

function createHttpServer(): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    requireHostHeader: false,
    // A large upload may take as long as it needs while bytes keep coming.
    requestTimeout: 0,
    keepAliveTimeout: 60_000,
    highWaterMark: 256 * 1024,
  })
  server.setTimeout(IDLE_MS)
  server.on('clientError', refuseMalformed)
  return server
}

function createBuckets(store: Store, names: readonly string[], createdAt: number): void {
  for (const bucket of names) {
    if (!isBucketName(bucket)) throw new Error(`"${bucket}" can't be a bucket's name`)
    if (store.bucket(bucket)) continue
    const cors = { rules: [DEFAULT_CORS_RULE], varyOrigin: false }
    const settings = { acl: 'private' as const, createdAt, storageClass: 'Standard', cors }
    store.commit({ type: 'bucket', bucket, settings })
  }
}

function listen(server: Server, { port, host }: OssOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function close(server: Server, store: Store): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close(() => {
      store.close().then(resolve, reject)
    })
    server.closeAllConnections()
  })
}

// What isn't HTTP never becomes a request.
function refuseMalformed(_: Error, socket: Socket): void {
  if (!socket.writable) {
    socket.destroy()
    return
  }
  const id = randomBytes(12).toString('hex').toUpperCase()
  const body = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>BadRequest</Code><Message>The request is not well-formed HTTP.</Message><RequestId>${id}</RequestId></Error>`
  socket.end(
    `HTTP/1.1 400 Bad Request\r\nServer: AliyunOSS\r\nx-oss-request-id: ${id}\r\nContent-Type: application/xml\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  )
}
