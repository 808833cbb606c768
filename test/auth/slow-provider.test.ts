import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createSend } from '../../shared/http/send'
import { context, freshToken, JWKS_ISSUER, reasonOf } from './support/idp'

test('a provider that does not answer is cut off after 3 seconds', async () => {
  const server = createServer(() => undefined).listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const issuers = [{ ...JWKS_ISSUER, jwksUrl: `http://127.0.0.1:${port}/` }]
  const start = performance.now()
  const reason = await reasonOf(freshToken(), context({ issuers, send: createSend() }))
  expect(reason).toBe('identity_provider_unavailable')
  const waited = performance.now() - start
  expect(waited).toBeGreaterThan(2900)
  expect(waited).toBeLessThan(15_000)
  server.closeAllConnections()
  server.close()
})
