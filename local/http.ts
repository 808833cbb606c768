import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * The whole body, or undefined when it has more than `maxBytes`. The rest of a large one is read
 * and dropped, so that the client gets to see the answer instead of a reset connection.
 */
export function readBody(message: IncomingMessage, maxBytes: number): Promise<Buffer | undefined> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let bytes = 0
    message.on('data', (chunk: Buffer) => {
      bytes += chunk.length
      if (bytes <= maxBytes) chunks.push(chunk)
      else chunks.length = 0
    })
    message.on('end', () => resolve(bytes > maxBytes ? undefined : Buffer.concat(chunks)))
    message.on('error', reject)
  })
}

/** Header fields with repeats joined by commas; names in lower case. */
export function joinHeaders({ headers }: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) joined[name] = [value ?? []].flat().join(',')
  return joined
}

/** Listens and answers the port; rejects when it is taken. */
export async function listen(server: Server, port: number, host: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return (server.address() as AddressInfo).port
}

/** Stops listening and ends every connection, idle or not. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
