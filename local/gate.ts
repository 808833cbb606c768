import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import { hostnameOf } from './hosts'

/** The gate in front of every server of the cloud. */
export type Gate = {
  /** Admits requests from now on; before, all are answered with 503. */
  open: () => void
  /**
   * Returns the listener behind the gate; refusals are plain text, or XML like that of OSS and STS.
   */
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

/** Creates a closed gate that admits only requests to these hosts. */
export function createGate(options: {
  isOwnHost: (hostname: string) => boolean
  log: (text: string) => void
}): Gate {
  const { isOwnHost, log } = options
  let isOpen = false
  function findRefusal({ headers: { host } }: IncomingMessage): Refusal | undefined {
    // Browsers always send the host of the URL.
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
  // The SDKs of OSS and STS can only read XML.
  const xml = `<Error><Code>${code}</Code><Message>${escapeXml(text)}</Message></Error>`
  response.end(isXml ? xml : `${text}\n`)
  // Drained, so that a client that is still sending can read the response.
  message.resume()
}

function escapeXml(text: string): string {
  return text.replace(/[^\x20-\x7e]|[&<>]/g, (character) => `&#${character.codePointAt(0)};`)
}
