// Covers shared/events/fc-sdk.ts too.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createBudget } from '../../shared/budget'
import { consumerTarget } from '../../shared/events/consumer'
import type { Send } from '../../shared/http/message'
import type { Credentials } from '../../shared/signing/v4'
import { EVENT } from '../callback/support/example'
import { share } from '../support/share'

type Invocation = { method?: string; path?: string; headers: IncomingHttpHeaders; body: string }

/** A Function Compute that keeps what it is asked, and answers as a test says. */
async function openFunctionCompute() {
  const asked: Invocation[] = []
  const state = { status: 202, isSilent: false }
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk)
    const { method, url: path, headers } = request
    asked.push({
      ...{ method, path },
      headers,
      body: Buffer.concat(chunks).toString(),
    } as Invocation)
    if (state.isSilent) return
    const isError = state.status >= 400
    response.writeHead(state.status, isError ? { 'content-type': 'application/json' } : {})
    response.end(isError ? '{"ErrorCode":"Denied","ErrorMessage":"no"}' : '')
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve())
      server.closeAllConnections()
    })
  return { asked, state, endpoint, close }
}

const fc = share(openFunctionCompute)

beforeEach(() => {
  fc().asked.length = 0
  Object.assign(fc().state, { status: 202, isSilent: false })
})

const send: Send = async ({ url }) => {
  throw new Error(`Events go by the SDK, and not to ${url}`)
}

const ROLE = { accessKeyId: 'STS.id', accessKeySecret: 'secret-key', securityToken: 'token' }

type Change = { name?: string; credentials?: Credentials }

function targetOf({ name = 'upload-consumer', credentials = ROLE }: Change = {}) {
  return consumerTarget({
    name,
    accountId: '1234567890123456',
    region: 'cn-hangzhou',
    endpoint: fc().endpoint,
    credentials,
  })
}

function deliver(change: Change = {}, timeoutMs = 5000) {
  const budget = createBudget(5000, () => 0)
  return targetOf(change).deliver(EVENT, { now: 1_700_000_000, send, budget, timeoutMs })
}

it('queues an event with the function by its name, under the credentials of the role', async () => {
  await deliver()
  expect(fc().asked).toEqual([
    {
      method: 'POST',
      path: '/2023-03-30/functions/upload-consumer/invocations',
      body: JSON.stringify(EVENT),
      headers: expect.objectContaining({
        'x-fc-invocation-type': 'Async',
        'x-fc-security-token': 'token',
        authorization: expect.stringMatching(/^FC STS\.id:[\w+/]{43}=$/),
      }),
    },
  ])
})

it('goes by its name in the log', () => {
  expect(targetOf().name).toBe('function')
})

it('encodes a name that would reach another path', async () => {
  await deliver({ name: 'a/../b' })
  expect(fc().asked[0]?.path).toBe('/2023-03-30/functions/a%2F..%2Fb/invocations')
})

it('sends no token where the credentials have none', async () => {
  await deliver({ credentials: { accessKeyId: 'LTAI', accessKeySecret: 's' } })
  expect(fc().asked[0]?.headers).not.toHaveProperty('x-fc-security-token')
})

it.each([400, 403, 404, 429, 500])('fails when Function Compute answers %i', async (status) => {
  fc().state.status = status
  await expect(deliver()).rejects.toMatchObject({ name: expect.stringContaining('FC') })
})

it('gives up when no answer comes in time', async () => {
  fc().state.isSilent = true
  await expect(deliver({}, 50)).rejects.toThrow(/timeout/i)
})
