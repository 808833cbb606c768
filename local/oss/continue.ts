import type { IncomingMessage, ServerResponse } from 'node:http'

const heldBack = new WeakSet<IncomingMessage>()

/** Lets a client that asked `Expect: 100-continue` go on as soon as somebody reads its body. */
export function continueOnRead(message: IncomingMessage, response: ServerResponse): void {
  if (message.headers.expect?.toLowerCase() !== '100-continue') return
  heldBack.add(message)
  const read = message.read.bind(message)
  message.read = (size?: number) => {
    if (!response.headersSent && heldBack.delete(message)) response.writeContinue()
    return read(size)
  }
}

/** Whether the client still waits to be told that it may send its body. */
export function isHeldBack(message: IncomingMessage): boolean {
  return heldBack.has(message)
}
