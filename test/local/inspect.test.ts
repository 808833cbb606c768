// Covers local/inspect.ts and local/oss/notes.ts.
import { request } from 'node:http'
import OSS from 'ali-oss'
import type { InspectedRequest } from '../../local/inspect'
import type { LocalCloud } from '../../local/start'
import { loadRules } from '../../tools/load-rules'
import { reportRules } from '../../tools/rules-report'
import { clientFor, fileOf, recorder } from '../client/support/client'
import { openCloud } from './support/client'

const claims = { plan: 'pro' }
const open = (options = {}) => openCloud({ rules: 'rules.ts', ...options })

async function inspect({ info }: LocalCloud, body: unknown, headers: Record<string, string> = {}) {
  // `fetch` sends no `Host` of ours.
  const { status, body: text } = await send(`${info.gateway}/local/inspect`, headers, body)
  return { status, text }
}

function send(url: string, headers: Record<string, string>, body: unknown) {
  return new Promise<{ status: number; body: string }>((resolve, reject) => {
    const outgoing = request(url, { method: 'POST', headers, agent: false }, async (incoming) => {
      const chunks: Buffer[] = []
      for await (const chunk of incoming) chunks.push(chunk)
      resolve({ status: incoming.statusCode ?? 0, body: Buffer.concat(chunks).toString() })
    })
    outgoing.once('error', reject).end(JSON.stringify(body))
  })
}

async function requestsOf(cloud: LocalCloud, key: string): Promise<InspectedRequest[]> {
  const { text } = await inspect(cloud, { key })
  const { requests } = JSON.parse(text) as { requests: InspectedRequest[] }
  return requests.filter(({ operation }) => operation !== 'HeadObject')
}

/** Uploads with ali-oss and lent credentials. */
async function uploadBySts(cloud: LocalCloud, { type = 'image/png', ticket = '' } = {}) {
  const lent = await clientFor(cloud.info, { claims }).credentials('documents', 'write')
  const { credentials, bucket, region, endpoint, prefix, headers, callback } = lent
  const { accessKeyId, accessKeySecret, securityToken: stsToken } = credentials
  const keys = { accessKeyId, accessKeySecret, stsToken }
  const renewal = { refreshSTSToken: async () => keys, refreshSTSTokenInterval: 1e9 }
  const where = {
    bucket,
    region: `oss-${region}`,
    endpoint,
    sldEnable: true,
    authorizationV4: true,
  }
  const client = new OSS({ ...keys, ...where, ...renewal } as OSS.Options)
  const granted = callback?.callbackVar['x:ticket'] ?? ''
  const sent = client.put(`${prefix}sts.png`, Buffer.from('hello'), {
    ...{ mime: type, headers: { ...headers } },
    callback: {
      ...{ url: callback?.callbackUrl ?? '', body: callback?.callbackBody ?? '' },
      ...{ contentType: 'application/json', customValue: { ticket: ticket || granted } },
    },
  })
  const failure = await sent.then(
    () => undefined,
    (error: Error) => error,
  )
  return { key: `${prefix}sts.png`, failure, secrets: [accessKeySecret, stsToken, tail(granted)] }
}

const tail = (jws: string) => jws.split('.')[2] ?? ''
const WAYS = [
  ['put', 'avatar', ['PutObject']],
  ['form', 'avatar', ['PostObject']],
  ['parts', 'documents', ['InitiateMultipartUpload', 'UploadPart', 'CompleteMultipartUpload']],
] as const

describe('what OSS computed and sent for a key', () => {
  it('is shown in stages, with the callback and its checks, and without a secret', async () => {
    const cloud = await open()
    for (const [mechanism, rule, operations] of WAYS) {
      const { transport, sent } = watcher()
      const client = clientFor(cloud.info, { claims })
      const { done } = client.upload(fileOf(5, 'a.png', 'image/png'), {
        ...{ rule, mechanism, transport },
      })
      const { key } = await done
      const requests = await requestsOf(cloud, key)
      expect(requests.map(({ operation }) => operation)).toEqual(operations)
      expect(requests.every(({ signature }) => signature?.isRight)).toBe(true)
      const last = requests.at(-1)
      expect(last).toMatchObject({ status: 200, who: expect.stringContaining('oss-direct-') })
      expect(last?.signature?.stringToSign).toContain(mechanism === 'form' ? 'eyJ' : 'OSS4-HMAC')
      if (mechanism !== 'form') {
        expect(last?.signature?.canonicalRequest).toContain(`/${cloud.info.bucket}/${key}\n`)
      }
      const [callback] = last?.callbacks ?? []
      expect(callback).toMatchObject({ url: `${cloud.info.gateway}/upload-callback`, status: 200 })
      expect(callback?.checks.map(({ outcome }) => outcome)).toEqual(Array(11).fill('passed'))
      expect(callback?.headers).toMatchObject({ Authorization: '…', 'x-oss-tag': 'CALLBACK' })
      // The ticket can be read, all but its signature.
      const { ticket, object } = JSON.parse(callback?.body ?? '')
      expect([object, tail(ticket)]).toEqual([key, '…'])
      expect(callback?.answeredAt).toBeGreaterThanOrEqual(callback?.sentAt ?? Infinity)
      const secrets = secretsIn(sent)
      expect(secrets.length).toBeGreaterThan(3)
      const { text } = await inspect(cloud, { key })
      for (const secret of secrets) expectNowhere(text, secret)
    }
    const { key, failure, secrets } = await uploadBySts(cloud)
    expect(failure).toBeUndefined()
    const { text } = await inspect(cloud, { key })
    expect(text).toContain('x-oss-callback-var:')
    for (const secret of secrets) expectNowhere(text, secret)
    // What the functions keep for themselves is not shown.
    const [owed] = cloud.requests().filter((each) => 'key' in each && /^.oss-/.test(each.key ?? ''))
    expect(owed).toBeDefined()
    expect(await requestsOf(cloud, (owed as { key: string }).key)).toEqual([])
  })

  it('says which signature was wrong, and which check failed', async () => {
    const cloud = await open()
    const client = clientFor(cloud.info, { claims })
    let key = ''
    const altered = recorder()
    const { done } = client.upload(fileOf(5, 'a.png', 'image/png'), {
      ...{ rule: 'avatar', mechanism: 'put' },
      transport(request) {
        if (request.method !== 'PUT') return altered.transport(request)
        key = new URL(request.url).pathname.split('/').slice(2).join('/')
        return altered.transport({
          ...request,
          headers: { ...request.headers, 'content-type': 'a/b' },
        })
      },
    })
    await expect(done).rejects.toMatchObject({ oss: { code: 'SignatureDoesNotMatch' } })
    const [refused] = await requestsOf(cloud, key)
    expect(refused).toMatchObject({ status: 403, code: 'SignatureDoesNotMatch', callbacks: [] })
    expect(refused?.signature).toMatchObject({ isRight: false })
    expect(refused?.signature?.canonicalRequest).toContain('content-type:a/b\n')

    const outcomes = async (options: object) => {
      const { failure } = await uploadBySts(cloud, options)
      expect(failure).toMatchObject({ status: 203 })
      const [callback] =
        (await requestsOf(cloud, 'documents/alice/sts.png')).at(-1)?.callbacks ?? []
      return [callback?.status, callback?.reason, callback?.checks.map(({ outcome }) => outcome[0])]
    }
    expect(await outcomes({ type: 'text/html' })).toEqual([415, 'upload_type', [...'pppppppfuuu']])
    expect(await outcomes({ ticket: 'a.b.c' })).toEqual([403, 'ticket_invalid', [...'pfuuuuuuuuu']])
  })

  it('is for this machine alone, and for nobody whose callback comes here', async () => {
    const cloud = await open()
    const key = { key: 'a' }
    const from = (headers: Record<string, string>) => inspect(cloud, key, headers)
    expect(await from({ origin: 'http://localhost:5173' })).toMatchObject({ status: 200 })
    expect(await from({ origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    expect(await from({ host: 'evil.example' })).toMatchObject({ status: 403 })
    expect(await from({ 'x-oss-pub-key-url': 'a' })).toMatchObject({ status: 403 })
    for (const body of [null, [], {}, { key: '' }, { key: 1 }, { key: 'a', more: 1 }]) {
      expect(await inspect(cloud, body)).toMatchObject({ status: 400 })
    }
    expect(await inspect(cloud, { key: 'a'.repeat(1023) })).toMatchObject({ status: 200 })
    expect(await inspect(cloud, { key: 'a'.repeat(1024) })).toMatchObject({ status: 400 })
    const limits = await fetch(`${cloud.info.gateway}/local/limits`)
    expect(await limits.json()).toEqual({ rules: reportRules(await loadRules('rules.ts')) })
  })
})

/** A transport that keeps everything that is sent and answered. */
function watcher() {
  const sent: unknown[] = []
  const { transport } = recorder()
  return {
    sent,
    async transport(request: Parameters<typeof transport>[0]) {
      const response = await transport(request)
      sent.push({ ...request, body: undefined }, response)
      return response
    },
  }
}

// Signatures, tokens of STS and of the caller, and the signatures of tickets, as they went over the wire.
function secretsIn(sent: readonly unknown[]): string[] {
  const plain = decodeURIComponent(JSON.stringify(sent))
  const variables = [...plain.matchAll(/callback-var=([A-Za-z0-9+/]+)/g)]
  const decoded = variables.map(([, each]) => Buffer.from(each ?? '', 'base64').toString())
  const text = [plain, ...decoded].join('\n')
  const found = [
    ...text.matchAll(/eyJ[\w-]+\.[\w-]+\.([\w-]+)/g),
    ...text.matchAll(/signature[=":\\]+([0-9a-f]{64})/g),
    ...text.matchAll(/security-token[=":\\]+([A-Za-z0-9+/=]{40,})/g),
  ]
  return [...new Set(found.map(([, secret]) => secret ?? ''))]
}

// Also not in base64, at any of its three offsets, or with percent signs.
function expectNowhere(text: string, secret: string): void {
  const decoded = decodeURIComponent(text.replace(/%(?![0-9A-F]{2})/gi, '%25'))
  const inner = [...decoded.matchAll(/[A-Za-z0-9+/]{24,}/g)].map(([part]) =>
    Buffer.from(part, 'base64').toString('latin1'),
  )
  const deeper = inner.flatMap((each) =>
    [...each.matchAll(/[A-Za-z0-9+/]{24,}/g)].map(([part]) =>
      Buffer.from(part, 'base64').toString(),
    ),
  )
  for (const place of [text, decoded, ...inner, ...deeper]) expect(place).not.toContain(secret)
}
