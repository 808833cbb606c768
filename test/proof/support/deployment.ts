import { createHash, randomUUID, sign } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { issueSession } from '../../../local/ram/session'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import type { TicketKeys } from '../../../shared/policy/signed-ticket'
import { type Bytes, type Info, ownerClient } from '../../e2e/support/client'
import { share } from '../../support/share'
import { openSink, type Sink } from './sink'

const TICKET_SECRET = 'the ticket secret of these tests 32 bytes and more'
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`

/** The local cloud with an application behind it, and OSS's own key to sign callbacks with. */
export type Deployment = {
  cloud: LocalCloud
  info: Info
  sink: Sink
  /** Every line that the cloud and its functions logged. */
  lines: string[]
  ticketKeys: TicketKeys
  /** Signs as OSS does for anyone who has a bucket. */
  signAsOss: (path: string, body: string) => string
  /** The headers of a callback that OSS signed over this body. */
  headersFor: (body: string, path?: string) => Record<string, string>
  /** Delivers a callback to the function. */
  call: (
    body: string,
    change?: { headers?: Record<string, string>; path?: string },
  ) => Promise<Response>
  /** The settings of a function's own instance elsewhere, and the credentials of its role. */
  instanceOf: (name: string) => Promise<{ env: Record<string, string>; credentials: object }>
  close: () => Promise<void>
}

/**
 * Shares one deployment among the tests of a file. Each begins at the machine's time, with nothing
 * at fault and a sink that accepts; what is stored and accepted stays, so each uses keys of its own.
 */
export function shareDeployment(...options: Parameters<typeof openDeployment>): () => Deployment {
  const deployment = share(() => openDeployment(...options))
  beforeEach(() => {
    const { cloud, sink } = deployment()
    cloud.clock.set(Date.now())
    cloud.setFaults([])
    sink.decide = () => 200
  })
  return deployment
}

/** Starts a deployment whose events go to the sink: by the queue and a consumer function, or by webhook. */
export async function openDeployment(
  by: 'function' | 'webhook',
  settings: Record<string, string> = {},
  rules = 'test/support/rules/media.ts',
): Promise<Deployment> {
  const sink = await openSink()
  const dataDir = mkdtempSync(join(tmpdir(), 'oss-direct-proof-'))
  const lines: string[] = []
  const webhook = { EVENT_WEBHOOK_URL: sink.url, EVENT_WEBHOOK_SECRETS: WEBHOOK_SECRET }
  const cloud = await startLocalCloud({
    port: 0,
    rules,
    dataDir,
    consumer: 'test/proof/support/consumer.ts',
    settings: {
      TICKET_SECRETS: TICKET_SECRET,
      TEST_SINK: sink.url,
      ...(by === 'webhook' && { EVENT_FUNCTION: '', ...webhook }),
      ...settings,
    },
    log: (line) => lines.push(line),
  })
  const { info } = cloud
  const privateKey = readFileSync(join(dataDir, 'callback-key.pem'))
  const keyUrl = `${info.oss}/callback_pub_key_v1.pem`
  const signAsOss = (path: string, body: string) =>
    sign('md5', Buffer.from(`${path}\n${body}`), privateKey).toString('base64')
  const headersFor = (body: string, path = '/upload-callback') => ({
    'content-type': 'application/json',
    authorization: signAsOss(path, body),
    'x-oss-pub-key-url': Buffer.from(keyUrl).toString('base64'),
  })
  return {
    ...{ cloud, info, sink, lines, signAsOss, headersFor },
    ticketKeys: { secrets: [TICKET_SECRET], audience: `${info.gateway}/upload-callback` },
    call: (body, { headers = {}, path = '/upload-callback' } = {}) =>
      fetch(info.gateway + path, {
        method: 'POST',
        headers: { ...headersFor(body), ...headers },
        body,
      }),
    instanceOf: async (name) => ({
      env: {
        OSS_BUCKET: info.bucket,
        OSS_REGION: info.region,
        OSS_ENDPOINT: info.oss,
        OSS_ADDRESSING: 'path',
        AUTH_ISSUER: info.gateway,
        AUTH_AUDIENCE: 'oss-direct',
        AUTH_SECRET: 'no caller comes here: 32 bytes and more',
        TICKET_SECRETS: TICKET_SECRET,
        CALLBACK_URL: `${info.gateway}/upload-callback`,
        CALLBACK_KEY_URL: keyUrl,
        CALLBACK_KEY: await (await fetch(keyUrl)).text(),
        STS_ROLE_ARN: 'acs:ram::1234567890123456:role/oss-direct-delegate',
        ...webhook,
      },
      credentials: sessionOf(cloud, name),
    }),
    close: async () => {
      await cloud.close()
      await sink.close()
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

function sessionOf(cloud: LocalCloud, name: string) {
  const role = cloud.account.roles.find((candidate) => candidate.name === `oss-direct-${name}`)
  if (!role) throw new Error(`There is no role for ${name}`)
  const session = { role, sessionName: name, durationSeconds: 3600, now: cloud.clock.now() }
  return issueSession(cloud.account, session)
}

/** Stores an object as the bucket's owner, without any callback. */
export async function store(info: Info, key: string, file: Bytes, type: string): Promise<void> {
  await ownerClient(info).put(key, file, { mime: type, headers: { 'Content-Type': type } })
}

/** The event of an HTTP trigger for a callback, for handlers that are called without the gateway. */
export function callbackEvent(body: string, headers: Record<string, string>, path: string): object {
  return {
    version: 'v1',
    rawPath: path,
    headers,
    queryParameters: {},
    body,
    isBase64Encoded: false,
    requestContext: {
      requestId: randomUUID(),
      http: { method: 'POST', path, sourceIp: '127.0.0.1' },
    },
  }
}

/** What our template makes of an upload. */
export function bodyOf(
  upload: { bucket: string; key: string; file: Bytes; type: string; ticket: string },
  change: Record<string, unknown> = {},
): string {
  const { bucket, key, file, type, ticket } = upload
  const etag = createHash('md5').update(file).digest('hex').toUpperCase()
  const body = { bucket, object: key, etag, size: file.length, mimeType: type, ticket }
  const none = { contentMd5: null, imageHeight: null, imageWidth: null, imageFormat: null }
  const more = { crc64: null, operation: 'PostObject', reqId: '655F0B0C3D8E7B3335A5A5A5', ...none }
  return JSON.stringify({ ...body, ...more, ...change })
}

/** Moves the cloud's clock on. */
export function pass({ cloud }: Deployment, seconds: number): void {
  cloud.clock.set(cloud.clock.now() + seconds * 1000)
}
