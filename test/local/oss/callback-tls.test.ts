import { createServer, type ServerOptions } from 'node:https'
import type { AddressInfo } from 'node:net'
import { CERTIFICATE, KEY } from '../../support/certificate'
import { share } from '../../support/share'
import { encode, shareCallbacks } from './support/application'

type Secure = { port: number; names: string[]; calls: string[]; close: () => Promise<void> }

async function startSecure(): Promise<Secure> {
  const [names, calls]: [string[], string[]] = [[], []]
  const options: ServerOptions = {
    key: KEY,
    cert: CERTIFICATE,
    SNICallback: (name, answer) => {
      names.push(name)
      answer(null)
    },
  }
  const server = createServer(options, (request, response) => {
    calls.push(request.url ?? '')
    response.writeHead(200, { 'content-length': 2 }).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port: (server.address() as AddressInfo).port, names, calls, close }
}

const { put } = shareCallbacks()
const secure = share(startSecure)

it.each([
  [true, ['localhost']],
  [false, []],
  [undefined, []],
])('names the host to TLS with a callbackSNI of %s', async (callbackSNI, expected) => {
  secure().names.length = 0
  const callbackUrl = `https://localhost:${secure().port}/cb`
  await put(encode({ callbackUrl, callbackBody: 'k=v', callbackSNI }))
  expect(secure().names).toEqual(expected)
})

it('calls nobody whose certificate it can not trust', async () => {
  const callbackUrl = `https://localhost:${secure().port}/cb`
  const answer = await put(encode({ callbackUrl, callbackBody: 'k=v', callbackSNI: true }))
  expect([answer.status, answer.code]).toEqual([203, 'CallbackFailed'])
  expect(answer.message).toContain('OSS can not connect to your callbackUrl')
  expect(secure().calls).toEqual([])
})
