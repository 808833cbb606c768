import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { UploadEvent } from '../../../shared/events/event'

/** An application that upload events are posted to: it keeps what it accepted, and answers as told. */
export type Sink = {
  url: string
  /** What was accepted, in order. */
  events: UploadEvent[]
  /** Says the status for each event before it is accepted; 200 by default. */
  decide: (event: UploadEvent) => number | Promise<number>
  close: () => Promise<void>
}

/** Starts a sink on loopback. */
export async function openSink(): Promise<Sink> {
  const server = createServer((request, response) => {
    void readEvent(request).then(async (event) => {
      const status = await sink.decide(event)
      if (status === 200) sink.events.push(event)
      response.writeHead(status).end()
    })
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const sink: Sink = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    events: [],
    decide: () => 200,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return sink
}

async function readEvent(request: IncomingMessage): Promise<UploadEvent> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk)
  return JSON.parse(Buffer.concat(chunks).toString())
}
