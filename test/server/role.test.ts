// Covers server/credentials-sdk.ts: the official SDK, in the server as it is deployed.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer as createPlainServer } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { CERTIFICATE, KEY } from '../support/certificate'
import { share } from '../support/share'
import { builtServer, killServers, startProcess } from './support/process'
import { SERVER_ENVIRONMENT, signerOf } from './support/server'

const {
  ALIBABA_CLOUD_ACCESS_KEY_ID: _,
  ALIBABA_CLOUD_ACCESS_KEY_SECRET: __,
  ...BASE
} = SERVER_ENVIRONMENT
const SESSION = {
  AccessKeyId: 'STS.role',
  AccessKeySecret: 'secret-of-the-role',
  SecurityToken: 'token-of-the-role',
  Expiration: '2099-01-01T00:00:00Z',
}
const ROLE = 'acs:ram::1234567890123456:role/oss-direct-web-server'
const PROVIDER = 'acs:ram::1234567890123456:oidc-provider/ack'

/** Answers every request with what the test sets, and keeps what was asked. */
async function open(server: Server | ReturnType<typeof createPlainServer>) {
  const asked: URLSearchParams[] = []
  const answer = { status: 200, body: '' }
  server.on('request', async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    asked.push(new URLSearchParams(`${request.url?.split('?')[1] ?? ''}&${text}`))
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
  })
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve))
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  return { port, asked, answer, close }
}

const sts = share(() => open(createServer({ key: KEY, cert: CERTIFICATE })))
const sidecar = share(() => open(createPlainServer()))

let folder: string
beforeAll(async () => {
  await builtServer()
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-role-'))
  writeFileSync(join(folder, 'ca.pem'), CERTIFICATE)
  writeFileSync(join(folder, 'token'), 'token-of-the-service-account')
}, 60_000)
afterAll(() => {
  killServers()
  rmSync(folder, { recursive: true, force: true })
})

function startWithOidc(token = 'token') {
  return startProcess(
    [],
    {
      NODE_EXTRA_CA_CERTS: join(folder, 'ca.pem'),
      STS_ENDPOINT: `https://localhost:${sts().port}`,
      ALIBABA_CLOUD_OIDC_TOKEN_FILE: join(folder, token),
      ALIBABA_CLOUD_OIDC_PROVIDER_ARN: PROVIDER,
      ALIBABA_CLOUD_ROLE_ARN: ROLE,
    },
    BASE,
  )
}

const NO_SECRET = /secret-of|token-of/

it('a role of ACK signs, by one request to STS for a hundred at once', async () => {
  sts().asked.length = 0
  Object.assign(sts().answer, { status: 200, body: JSON.stringify({ Credentials: SESSION }) })
  const { url, output } = await startWithOidc()
  const answers = await Promise.all(Array.from({ length: 100 }, () => signerOf(url, {}, 'media')))
  expect(new Set(answers.map(String))).toEqual(new Set(['STS.role,token-of-the-role']))
  expect(sts().asked).toHaveLength(1)
  expect(Object.fromEntries(sts().asked[0] ?? [])).toMatchObject({
    Action: 'AssumeRoleWithOIDC',
    RoleArn: ROLE,
    OIDCProviderArn: PROVIDER,
    OIDCToken: 'token-of-the-service-account',
  })
  expect(output()).not.toMatch(NO_SECRET)
  // The rules have a longer one.
  expect(output()).toContain('"signed URLs may end before their ttlSeconds"')
})

it.each([
  [403, { Code: 'AuthenticationFail.OIDCToken.Expired', Message: 'token-of-the-service-account' }],
  [404, { Code: 'EntityNotExist.Role', Message: 'secret-of-something' }],
])('a start that STS answers with %d says why and what to do', async (status, problem) => {
  Object.assign(sts().answer, { status, body: JSON.stringify(problem) })
  const { ended, output } = await startWithOidc()
  expect(await ended).toBe(1)
  expect(output()).toContain(
    `ALIBABA_CLOUD_OIDC_TOKEN_FILE led to no credentials (${problem.Code}): check that the three`,
  )
  expect(output()).not.toMatch(NO_SECRET)
})

it('a token file that is not mounted is named as such', async () => {
  const { ended, output } = await startWithOidc('absent')
  expect(await ended).toBe(1)
  expect(output()).toContain('led to no credentials (ENOENT): ')
})

it('the credentials of a sidecar sign, and those without a token do not', async () => {
  Object.assign(sidecar().answer, { status: 200, body: JSON.stringify(SESSION) })
  const environment = { ALIBABA_CLOUD_CREDENTIALS_URI: `http://localhost:${sidecar().port}/` }
  const { url } = await startProcess([], environment, BASE)
  expect(await signerOf(url, {}, 'media')).toEqual(['STS.role', 'token-of-the-role'])
  const { SecurityToken, ...rest } = SESSION
  Object.assign(sidecar().answer, { body: JSON.stringify(rest) })
  const { ended, output } = await startProcess([], environment, BASE)
  expect(await ended).toBe(1)
  expect(output()).toContain('ALIBABA_CLOUD_CREDENTIALS_URI led to no credentials')
  expect(output()).not.toMatch(NO_SECRET)
})
