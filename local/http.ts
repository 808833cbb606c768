import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Reads the body; resolves to `undefined` beyond `maxBytes`. The rest of a larger body is read and
 * discarded, so that the client receives the response instead of a reset connection.
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

/** Returns the header fields, repeated ones joined by commas; names in lower case. */
export function joinHeaders({ headers }: IncomingMessage): Record<string, string> {
  const joined: Record<string, string> = Object.create(null)
  for (const [name, value] of Object.entries(headers)) joined[name] = [value ?? []].flat().join(',')
  return joined
}

/** Listens and resolves to the port; rejects if it is in use. */
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

/** Stops listening and closes every connection, idle or not. */
export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}
