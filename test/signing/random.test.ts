import fc from 'fast-check'
import { signHeaders } from '../../shared/signing/header'
import type { UrlInput } from '../../shared/signing/url'
import { FORM_SIGNERS, URL_SIGNERS } from '../../shared/signing/version'
import { RUNS } from '../support/runs'
import { input, isClearToV1 } from './support/random-requests'
import {
  type RawRequest,
  type Secrets,
  verifyV1Form,
  verifyV1Url,
  verifyV4Form,
  verifyV4Header,
  verifyV4Url,
} from './support/verifier'

function secretsOf({
  target: { bucket, region, addressing },
  credentials: { accessKeySecret },
}: UrlInput): Secrets {
  return { bucket, region, secret: accessKeySecret, bucketing: addressing }
}

/** Returns the request with one character of its string to sign changed. */
function tamper(request: RawRequest): RawRequest {
  return {
    ...request,
    url: request.url.replace(/\/([^/?]*)(\?|$)/, (_, last, end) => `/${last}x${end}`),
  }
}

function formOf({ key, target, credentials, now }: UrlInput) {
  return { fields: { key }, target, credentials, now, policyText: JSON.stringify }
}

describe('random requests', () => {
  it('are signed as V4 URLs that an independent verifier accepts', () => {
    fc.assert(
      fc.property(input, (made) => verifyV4Url(URL_SIGNERS.v4(made), secretsOf(made))),
      { numRuns: 4 * RUNS },
    )
  })

  it('are signed in every other way so that an independent verifier accepts them', () => {
    fc.assert(
      fc.property(input.filter(isClearToV1), (made) => {
        const secrets = secretsOf(made)
        expect([
          verifyV4Header(signHeaders(made), secrets),
          verifyV4Form(FORM_SIGNERS.v4(formOf(made)), secrets),
          verifyV1Url(URL_SIGNERS.v1(made), secrets),
          verifyV1Form(FORM_SIGNERS.v1(formOf(made)), secrets),
        ]).not.toContain(false)
      }),
      { numRuns: RUNS },
    )
  })

  it('are refused by the verifier once they are changed', () => {
    fc.assert(
      fc.property(input.filter(isClearToV1), (made) => {
        const secrets = secretsOf(made)
        const url = URL_SIGNERS.v4(made)
        const extra = { ...url, headers: { ...url.headers, 'x-oss-extra': '1' } }
        expect([
          verifyV4Url(tamper(url), secrets),
          verifyV4Url({ ...url, url: `${url.url}&a=b` }, secrets),
          verifyV4Url(extra, secrets),
          verifyV4Header(tamper(signHeaders(made)), secrets),
          verifyV1Url(tamper(URL_SIGNERS.v1(made)), secrets),
        ]).not.toContain(true)
      }),
      { numRuns: 300 },
    )
  })
})
