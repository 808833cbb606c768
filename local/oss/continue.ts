import type { IncomingMessage, ServerResponse } from 'node:http'

const awaitingContinue = new WeakSet<IncomingMessage>()

/** Sends `100 Continue` to a client that expects it, as soon as its body is read. */
export function continueOnRead(message: IncomingMessage, response: ServerResponse): void {
  if (message.headers.expect?.toLowerCase() !== '100-continue') return
  awaitingContinue.add(message)
  const read = message.read.bind(message)
  message.read = (size?: number) => {
    if (!response.headersSent && awaitingContinue.delete(message)) response.writeContinue()
    return read(size)
  }
}

/** Returns true if the client is still waiting for `100 Continue`. */
export function awaitsContinue(message: IncomingMessage): boolean {
  return awaitingContinue.has(message)
}
