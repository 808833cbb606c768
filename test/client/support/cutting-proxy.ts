import { once } from 'node:events'
import { type AddressInfo, connect, createServer } from 'node:net'

/** A proxy in front of a server that cuts connections in the middle of what they send. */
export interface CuttingProxy {
  /** `http://127.0.0.1:<port>` */
  url: string
  /** Cuts this many connections once they have sent this many bytes. */
  cut: (times: number, afterBytes: number) => void
  /** How many connections were cut. */
  cuts: () => number
  close: () => Promise<void>
}

/** Opens one in front of a server on this machine. */
export async function openCuttingProxy(target: string): Promise<CuttingProxy> {
  const { port, hostname } = new URL(target)
  let left = 0
  let limit = 0
  let cuts = 0
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname)
    let sent = 0
    client.on('data', (bytes) => {
      sent += bytes.length
      if (left > 0 && sent >= limit) {
        left--
        cuts++
        client.resetAndDestroy()
        upstream.resetAndDestroy()
      } else upstream.write(bytes)
    })
    upstream.on('data', (bytes) => client.write(bytes))
    for (const [from, to] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      from.on('error', () => to.destroy())
      from.on('close', () => to.destroy())
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${address.port}`,
    cut(times, afterBytes) {
      left = times
      limit = afterBytes
    },
    cuts: () => cuts,
    close: async () => {
      server.close()
    },
  }
}
