import { randomUUID } from 'node:crypto'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import { uploadCallback } from '../../../../functions/upload-callback'
import { issueSession } from '../../../../local/ram/session'
import type { Account } from '../../../../local/ram/types'
import type { EnvSource } from '../../../../shared/env/env'
import { Refusal } from '../../../../shared/errors'
import type { HttpRequest } from '../../../../shared/http/message'

/** The function that proves uploads, as a server for OSS to call, with the rules and settings now in force. */
export async function startProver(source: () => EnvSource, account: Account): Promise<Server> {
  const server = createServer(async (incoming, outgoing) => {
    const { status, body } = await prove(await toRequest(incoming), source(), account)
    outgoing.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return server
}

async function toRequest(incoming: IncomingMessage): Promise<HttpRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk)
  return {
    method: incoming.method ?? '',
    path: incoming.url ?? '',
    query: {},
    headers: incoming.headers as Record<string, string>,
    body: Buffer.concat(chunks),
    requestId: randomUUID(),
    sourceIp: '127.0.0.1',
  }
}

type Proof = { status: number; body: string }

async function prove(request: HttpRequest, source: EnvSource, account: Account): Promise<Proof> {
  const credentials = roleCredentials(account, 'upload-callback')
  try {
    return await uploadCallback(request, source.at({ requestId: request.requestId, credentials }))
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    return { status: 403, body: JSON.stringify({ reason: error.reason }) }
  }
}

/** What Function Compute gives a function of this role to sign with. */
export function roleCredentials(account: Account, name: string) {
  const role = account.roles.find((other) => other.name === name)
  if (role === undefined) throw new Error(`no role ${name}`)
  return issueSession(account, { role, sessionName: name, durationSeconds: 3600, now: Date.now() })
}
