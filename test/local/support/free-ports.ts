import { createServer, type Server } from 'node:net'

/** Returns a free port with two free ports after it, which OSS and STS use. */
export async function findPort(): Promise<number> {
  for (let port = 20_000 + (process.pid % 20_000); ; port += 3) {
    const taken = await Promise.all([port, port + 1, port + 2].map(listen))
    await Promise.all(taken.map((server) => server && new Promise((done) => server.close(done))))
    if (taken.every((server) => server !== undefined)) return port
  }
}

function listen(port: number): Promise<Server | undefined> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(undefined))
    server.listen(port, '127.0.0.1', () => resolve(server))
  })
}
