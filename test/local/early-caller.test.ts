import { createServer, type Server } from 'node:net'
import { openCloud } from './client'

/** A port that is free, like the two behind it, which OSS and STS take. */
async function findPort(): Promise<number> {
  // Below those that the system gives to whoever asks for any.
  for (let port = 20_000 + (process.pid % 10_000); ; port += 3) {
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

/** The first answer of a server that is only just starting. */
async function askUntilItListens(url: string): Promise<Response> {
  for (;;) {
    try {
      return await fetch(url, { method: 'POST', body: '{}' })
    } catch {
      // Nobody listens yet.
    }
    await new Promise((done) => setImmediate(done))
  }
}

it('answers its first caller by the function, however early that one comes', async () => {
  const port = await findPort()
  const [cloud, answer] = await Promise.all([
    openCloud({ port }),
    askUntilItListens(`http://127.0.0.1:${port}/post-policy`),
  ])
  expect(answer.status).toBe(401)
  expect(await answer.json()).toMatchObject({ code: 'invalid_token' })
  await cloud.close()
}, 60_000)
