// Covers shared/auth/keys.ts where only the status of a provider's answer is wrong.
import type { IssuerSettings } from '../../shared/auth/keys'
import type { Send } from '../../shared/http/message'
import { context, freshToken, JWKS, JWKS_ISSUER, reasonOf } from './support/idp'

const DISCOVERY = 'https://idp.example/.well-known/openid-configuration'
const { jwksUrl: JWKS_URL = '', ...rest } = JWKS_ISSUER
const DOCUMENTS: Record<string, object> = {
  [DISCOVERY]: { issuer: JWKS_ISSUER.issuer, jwks_uri: JWKS_URL },
  [JWKS_URL]: JWKS,
}

/** What a token comes to, and what was asked, where this URL answers with this status and all else is right. */
async function outcome(issuer: IssuerSettings, wrong: { url: string; status: number }) {
  const asked: string[] = []
  const send: Send = async ({ url }) => {
    asked.push(url)
    const body = Buffer.from(JSON.stringify(DOCUMENTS[url]))
    return { status: url === wrong.url ? wrong.status : 200, headers: {}, body }
  }
  return { reason: await reasonOf(freshToken(), context({ issuers: [issuer], send })), asked }
}

describe.each([200, 201, 204, 206, 302, 404, 500, 503])('an answer of %i', (status) => {
  const reason = status === 200 ? 'accepted' : 'identity_provider_unavailable'

  test('has keys only where it is 200', async () => {
    const answer = await outcome(JWKS_ISSUER, { url: JWKS_URL, status })
    expect(answer).toEqual({ reason, asked: [JWKS_URL] })
  })

  test('says where the keys are only where it is 200', async () => {
    const answer = await outcome({ ...rest, discovery: true }, { url: DISCOVERY, status })
    expect(answer).toEqual({
      reason,
      asked: status === 200 ? [DISCOVERY, JWKS_URL] : [DISCOVERY],
    })
  })
})
