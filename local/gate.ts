import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { hostnameOf } from './hosts'

/** What stands before every server of the cloud. */
export type Gate = {
  /** Lets requests in from now on; until then all are answered 503. */
  open: () => void
  /** The same listener behind the gate, which refuses in text or in the XML of OSS and STS. */
  guard: (listener: RequestListener, format?: Format) => RequestListener
}

type Format = 'text' | 'xml'
type Refusal = {
  status: number
  code: string
  headers?: Record<string, string>
  text: string
}

const STARTING: Refusal = {
  status: 503,
  code: 'ServiceUnavailable',
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
    guard:
      (listener, format = 'text') =>
      (message, response) => {
        const refusal = findRefusal(message)
        if (refusal) answer(refusal, { message, response, format })
        else listener(message, response)
      },
  }
}

function refuseHost(hostname: string): Refusal {
  const name = JSON.stringify(hostname)
  const text = `The host ${name} is not one of the local cloud. Name it with --endpoint-hosts (endpointHosts in JavaScript) if it is.`
  return { status: 403, code: 'AccessDenied', text }
}

function answer(
  { status, code, headers, text }: Refusal,
  {
    message,
    response,
    format,
  }: { message: IncomingMessage; response: ServerResponse; format: Format },
): void {
  const isXml = format === 'xml'
  response.writeHead(status, {
    'Content-Type': isXml ? 'application/xml' : 'text/plain; charset=utf-8',
    'Cache-Control': 'no-store',
    ...headers,
    Connection: 'close',
  })
  // SDKs of OSS and STS can read nothing else.
  const xml = `<Error><Code>${code}</Code><Message>${escapeXml(text)}</Message></Error>`
  response.end(isXml ? xml : `${text}\n`)
  // So that a client that is still sending gets to read the answer.
  message.resume()
}

function escapeXml(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&<>]/g, (character) => `&#${character.codePointAt(0)};`)
}
