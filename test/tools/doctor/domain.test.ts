import { request as httpRequest } from 'node:http'
import { Agent, createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import OSS from 'ali-oss'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { examineDomain } from '../../../tools/doctor/domain'
import { CERTIFICATE, KEY } from '../../support/certificate'

const DAY_MS = 86_400_000
const END = Date.parse('2126-10-29T13:59:50Z')
const TARGET = 'local-bucket.oss-cn-hangzhou.aliyuncs.com'

let cloud: LocalCloud
let domain: Server
/** What the domain is bound to: a bucket of the local OSS, or something else. */
let bound: string | undefined

beforeAll(async () => {
  const buckets = ['local-bucket', 'other-bucket']
  cloud = await startLocalCloud({ ...{ port: 0, quiet: true, buckets }, only: ['oss'] })
  domain = createServer({ key: KEY, cert: CERTIFICATE }, (request, response) => {
    if (bound === undefined) {
      response.writeHead(404).end('not here')
      return
    }
    const { method, url, headers } = request
    const to = `${cloud.info.oss}/${bound}${url}`
    request.pipe(
      httpRequest(to, { method, headers: { ...headers, host: new URL(to).host } }, (answer) => {
        response.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(response)
      }),
    )
  }).listen(0)
}, 30_000)
afterAll(async () => {
  domain.closeAllConnections()
  domain.close()
  await cloud.close()
})
beforeEach(() => {
  bound = 'local-bucket'
})

type Change = { host?: string; protocol?: string; now?: number; port?: number; ca?: string }

function examine({
  host = 'localhost',
  protocol = 'https',
  now = Date.now(),
  port,
  ca = CERTIFICATE,
}: Change = {}) {
  const endpoint = `${protocol}://${host}:${port ?? (domain.address() as AddressInfo).port}`
  const { bucket, accessKeyId, accessKeySecret } = cloud.info
  const client = new OSS({
    ...{ bucket, accessKeyId, accessKeySecret, endpoint, cname: true, region: 'oss-cn-hangzhou' },
    ...{ authorizationV4: true, httpsAgent: new Agent({ ca: CERTIFICATE }) },
  } as OSS.Options)
  return examineDomain({ endpoint, client, target: TARGET, now: () => now, ca })
}

it('finds nothing wrong with a domain that serves the bucket', async () => {
  expect(await examine()).toEqual([
    { state: 'ok', subject: 'certificate', what: expect.stringMatching(/^is valid for \d+ more/) },
    { state: 'ok', subject: 'domain', what: 'serves this bucket' },
  ])
})

it.each([
  [14, 'ok', 'is valid for 14 more days'],
  [13, 'wrong', 'is valid for 13 more days'],
  [0, 'wrong', 'is valid for 0 more days'],
  [-1, 'wrong', 'has expired'],
])('judges a certificate with %d days left', async (days, state, what) => {
  const [certificate] = await examine({ now: END - days * DAY_MS })
  expect(certificate).toMatchObject({ state, subject: 'certificate', what })
})

it.each([
  ['for another name', { host: '127.0.0.1' }, 'is for another name'],
  ['that nobody trusts', { ca: '' }, 'is self-signed'],
])('finds a certificate %s, and signs nothing for that server', async (_, change, what) => {
  expect(await examine(change)).toEqual([
    expect.objectContaining({ state: 'wrong', subject: 'certificate', what }),
  ])
})

it.each([
  [
    'another bucket',
    'other-bucket',
    'is bound to another bucket: OSS answers SignatureDoesNotMatch',
  ],
  ['a bucket that is not there', 'no-such-bucket', /^is bound to another bucket/],
  ['something else than OSS', undefined, 'is answered by something else than OSS'],
])('finds a domain that leads to %s', async (_, to, what) => {
  bound = to
  const [, served] = await examine()
  const said = typeof what === 'string' ? what : expect.stringMatching(what)
  expect(served).toMatchObject({ state: 'wrong', subject: 'domain', what: said })
})

it('finds a domain that does not resolve, with the record that it needs', async () => {
  expect(await examine({ host: 'no-such-domain.invalid' })).toEqual([
    expect.objectContaining({
      ...{ state: 'wrong', subject: 'domain', what: 'no-such-domain.invalid does not resolve' },
      fix: `add a CNAME record from no-such-domain.invalid to ${TARGET}`,
    }),
  ])
})

it('finds a domain without HTTPS', async () => {
  expect(await examine({ protocol: 'http' })).toMatchObject([
    { state: 'wrong', subject: 'domain', what: 'localhost has no HTTPS' },
  ])
})

it('does not know where nothing answers, nor where OSS fails', async () => {
  expect(await examine({ port: 65_535 })).toMatchObject([
    { state: 'unknown', subject: 'domain', what: 'localhost cannot be reached: ECONNREFUSED' },
  ])
  cloud.setFaults([{ match: { operation: 'GetObject', who: 'all' }, respond: 503 }])
  const [, served] = await examine()
  cloud.setFaults([])
  expect(served).toMatchObject({ state: 'unknown', subject: 'domain' })
})
