import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { share } from '../../../support/share'
import { ask, shareCloud } from './cloud'

/** A request that the application received. */
type Call = { url: string; headers: IncomingHttpHeaders; body: string }

/** An application that receives callbacks: the requests it received, and its next response. */
export type Application = {
  base: string
  calls: Call[]
  respond: (response: ServerResponse) => void
  close: () => Promise<void>
}

/** Responds with 200 and a length, as OSS requires. */
export function withBody(body: string): Application['respond'] {
  return (response) => {
    response.writeHead(200, { 'content-length': Buffer.byteLength(body) })
    response.end(body)
  }
}

/** Starts an application on loopback. */
export async function startApplication(): Promise<Application> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.once('end', () => {
      const { url = '', headers } = request
      application.calls.push({ url, headers, body: Buffer.concat(chunks).toString('utf8') })
      application.respond(response)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const application: Application = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    respond: withBody('{"ok":"yes"}'),
    close: () => {
      server.closeAllConnections()
      return new Promise((resolve) => server.close(() => resolve()))
    },
  }
  return application
}

/** Shares one OSS and one application among the tests of a file, with uploads that call it back. */
export function shareCallbacks() {
  const cloud = shareCloud()
  const application = share(startApplication)
  beforeEach(() => {
    application().calls = []
    application().respond = withBody('{"ok":"yes"}')
  })
  const parameter = (more: Record<string, unknown> = {}) =>
    encode({ callbackUrl: `${application().base}/cb`, callbackBody: 'k=v', ...more })
  const put = (
    callback: string,
    body: string | Buffer = 'hello',
    more: Record<string, string> = {},
  ) => {
    const headers = { 'x-oss-callback': callback, 'content-type': 'text/plain', ...more }
    return ask(cloud(), { method: 'PUT', key: 'in/报告 1.txt', headers }, body)
  }
  return { cloud, application, parameter, put }
}

/** Returns the base64 of a value's JSON. */
export function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64')
}
