import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { hostnameOf } from './hosts'

/** What stands before every server of the cloud. */
export type Gate = {
  /** Lets requests in from now on; until then all are answered 503. */
  open: () => void
  /** The same listener behind the gate. */
  guard: (listener: RequestListener) => RequestListener
}

type Refusal = { status: number; headers?: Record<string, string>; text: string }

const STARTING: Refusal = {
  status: 503,
  headers: { 'Retry-After': '1' },
  text: 'The local cloud is starting. Try again in a second.',
}
const MAX_SHOWN = 100

/** A closed gate, which takes requests to these hosts alone. */
export function createGate(options: {
  isOwnHost: (hostname: string) => boolean
  log: (text: string) => void
}): Gate {
  const { isOwnHost, log } = options
  let isOpen = false
  function findRefusal({ headers: { host } }: IncomingMessage): Refusal | undefined {
    // Browsers always name the host that they think they speak to.
    if (host === undefined || isOwnHost(hostnameOf(host))) return isOpen ? undefined : STARTING
    const refusal = refuseHost(hostnameOf(host).slice(0, MAX_SHOWN))
    log(refusal.text)
    return refusal
  }
  return {
    open: () => {
      isOpen = true
    },
    guard: (listener) => (message, response) => {
      const refusal = findRefusal(message)
      if (refusal) answer(refusal, message, response)
      else listener(message, response)
    },
  }
}

function refuseHost(hostname: string): Refusal {
  const name = JSON.stringify(hostname)
  const text = `The host ${name} is not one of the local cloud. Name it with --endpoint-hosts (endpointHosts in JavaScript) if it is.`
  return { status: 403, text }
}

function answer(
  { status, headers, text }: Refusal,
  message: IncomingMessage,
  response: ServerResponse,
): void {
  response.writeHead(status, {
    'Content-Type': 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
    Connection: 'close',
  })
  response.end(`${text}\n`)
  // So that a client that is still sending gets to read the answer.
  message.resume()
}
