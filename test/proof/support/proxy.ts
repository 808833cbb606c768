import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** Stands between an instance and OSS. */
export type Proxy = {
  url: string
  /** Is told of a request that OSS has done, before the instance is; the answer is withheld if it returns true. */
  after: (request: string) => boolean
}

/** Opens proxies to this OSS, which are closed after each test. */
export function shareProxies(oss: () => string): () => Promise<Proxy> {
  const servers = new Set<Server>()
  afterEach(async () => {
    for (const server of servers) {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    }
    servers.clear()
  })
  return () => openProxy(oss(), servers)
}

// A request is told as its method and the folder of the ledger, or the bucket's own.
async function openProxy(oss: string, servers: Set<Server>): Promise<Proxy> {
  const proxy: Proxy = { url: '', after: () => false }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method = 'GET', url = '/' } = request
    const answer = await fetch(oss + url, {
      method,
      headers: Object.entries(request.headers).flatMap(([name, value]) =>
        ['host', 'connection', 'content-length'].includes(name) ? [] : [[name, String(value)]],
      ) as [string, string][],
      ...(method === 'PUT' && { body: Buffer.concat(chunks) }),
    })
    if (proxy.after(`${method} ${folderOf(url)}`)) return
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.end(Buffer.from(await answer.arrayBuffer()))
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  proxy.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  servers.add(server)
  return proxy
}

function folderOf(url: string): string {
  return /\.oss-direct\/(\w+)\//.exec(url)?.[1] ?? (url.includes('list-type') ? 'list' : 'object')
}
