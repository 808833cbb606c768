import { mkdtempSync, rmSync } from 'node:fs'
import { type IncomingHttpHeaders, request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LogEntry } from '../../../../local/oss/cloud'
import { type OssOptions, type OssServer, startOss } from '../../../../local/oss/server'
import { addRole, createAccount } from '../../../../local/ram/account'
import { issueSession } from '../../../../local/ram/session'
import type { Account, PolicyDocument } from '../../../../local/ram/types'
import { share } from '../../../support/share'
import { type Draft, headerV4, type Signed, type Signer } from './sign'

/** The time of every test, in Unix ms. */
export const NOW = 1_700_000_000_000

export const BUCKET = 'demo-bkt'
export const ROOT: Signer = { id: 'local-root-key', secret: 'local-root-secret' }

/** A response. */
export type Reply = {
  status: number
  headers: IncomingHttpHeaders
  body: Buffer
  text: string
  /** `Code` and `EC` of an XML error, from the body or from x-oss-err. */
  code: string | undefined
  ec: string | undefined
  message: string | undefined
}

/** A running OSS with a clock that tests can set. */
export type TestCloud = OssServer & {
  account: Account
  dataDir: string
  clock: { now: number }
  log: LogEntry[]
}

/** Starts OSS in a new folder; `close` also deletes the folder. */
export async function startCloud(options: Partial<OssOptions> = {}): Promise<TestCloud> {
  const dataDir = options.dataDir ?? mkdtempSync(join(tmpdir(), 'oss-test-'))
  const account = options.account ?? createAccount()
  const clock = { now: NOW }
  const log: LogEntry[] = []
  const server = await startOss({
    host: '127.0.0.1',
    port: 0,
    account,
    region: 'cn-hangzhou',
    buckets: [BUCKET],
    dataDir,
    now: () => clock.now,
    log: (entry) => log.push(entry),
    ...options,
  })
  const close = async () => {
    await server.close()
    if (options.dataDir === undefined) rmSync(dataDir, { recursive: true, force: true })
  }
  return { ...server, close, account, dataDir, clock, log }
}

/** Shares one OSS among the tests of a file, each of which begins at the same time. */
export function shareCloud(options: Partial<OssOptions> = {}): () => TestCloud {
  const cloud = share(() => startCloud(options))
  beforeEach(() => {
    cloud().clock.now = NOW
  })
  return cloud
}

/** Shares one OSS among the tests of a file, with functions that put and get its objects. */
export function shareBucket() {
  const cloud = shareCloud()
  const put = (key: string, body: Buffer | string, headers: Record<string, string> = {}) =>
    ask(cloud(), { method: 'PUT', key, headers }, body)
  const get = (key: string, query: Record<string, string> = {}) =>
    ask(cloud(), { method: 'GET', key, query })
  return { cloud, put, get }
}

/** Sends a request exactly as passed; only `Host` and a length are added. */
export function send(
  { port }: { port: number },
  { method, path, headers }: Signed,
  body: Buffer | string = '',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const bytes = Buffer.from(body)
    const length =
      bytes.length > 0 || /PUT|POST/.test(method) ? { 'content-length': bytes.length } : {}
    const outgoing = request({
      host: '127.0.0.1',
      port,
      method,
      path,
      headers: { host: `localhost:${port}`, ...length, ...headers },
      agent: false,
    })
    outgoing.once('error', reject)
    outgoing.once('response', (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk: Buffer) => chunks.push(chunk))
      response.once('error', reject)
      response.once('end', () =>
        resolve(toReply(response.statusCode ?? 0, response.headers, Buffer.concat(chunks))),
      )
    })
    outgoing.end(bytes)
  })
}

/** Sends a request signed by V4 in the header with the account's root key. */
export function ask(
  cloud: TestCloud,
  draft: Omit<Draft, 'bucket'> & { bucket?: string },
  body: Buffer | string = '',
  signer: Signer = ROOT,
): Promise<Reply> {
  return send(cloud, headerV4({ bucket: BUCKET, ...draft }, signer, cloud.clock.now), body)
}

/** Returns the text of the first element of this name in a document. */
export function textOf(xml: string, name: string): string | undefined {
  return new RegExp(`<${name}>([^]*?)</${name}>`).exec(xml)?.[1]
}

/** Returns the text of every element of this name, in order. */
export function textsOf(xml: string, name: string) {
  return [...xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g'))].map(([, text]) => text)
}

function toReply(status: number, headers: IncomingHttpHeaders, body: Buffer): Reply {
  const hidden = headers['x-oss-err']
  const text = body.toString('utf8')
  const xml = typeof hidden === 'string' ? Buffer.from(hidden, 'base64').toString('utf8') : text
  const isError = xml.includes('<Error>')
  return {
    status,
    headers,
    body,
    text,
    code: isError ? textOf(xml, 'Code') : undefined,
    ec: isError ? textOf(xml, 'EC') : undefined,
    message: isError ? textOf(xml, 'Message') : undefined,
  }
}

/** Issues a session of a role with the given policies. */
export function session(
  cloud: TestCloud,
  role: PolicyDocument,
  policy?: PolicyDocument,
  durationSeconds = 3600,
): Signer {
  const made = addRole(cloud.account, { name: 'uploader', trusts: [], policies: [role] })
  const credentials = issueSession(cloud.account, {
    role: made,
    sessionName: 'alice',
    durationSeconds,
    now: cloud.clock.now,
    ...(policy && { policy }),
  })
  const { accessKeyId: id, accessKeySecret: secret, securityToken: token } = credentials
  return { id, secret, token }
}

/** Returns a policy with one Allow statement. */
export function allow(actions: string[], resources: string[]): PolicyDocument {
  return { Version: '1', Statement: [{ Effect: 'Allow', Action: actions, Resource: resources }] }
}

/** Returns a multipart form with fields in order and a file last. */
export function toForm(
  fields: readonly (readonly [string, string])[],
  file: { content: Buffer | string; filename?: string; type?: string } | undefined,
): { contentType: string; body: Buffer } {
  const boundary = 'form-boundary-7f3a'
  const parts = fields.map(([name, value]) =>
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`,
    ),
  )
  if (file) {
    const type = file.type === undefined ? '' : `\r\nContent-Type: ${file.type}`
    const name = file.filename === undefined ? '' : `; filename="${file.filename}"`
    const head = `--${boundary}\r\nContent-Disposition: form-data; name="file"${name}${type}\r\n\r\n`
    parts.push(Buffer.from(head), Buffer.from(file.content), Buffer.from('\r\n'))
  }
  parts.push(Buffer.from(`--${boundary}--\r\n`))
  return { contentType: `multipart/form-data; boundary=${boundary}`, body: Buffer.concat(parts) }
}

/** Posts a form to the bucket. */
export function post(
  cloud: TestCloud,
  fields: readonly (readonly [string, string])[],
  file: Parameters<typeof toForm>[1],
  headers: Record<string, string> = {},
): Promise<Reply> {
  const { contentType, body } = toForm(fields, file)
  const signed = {
    method: 'POST',
    path: `/${BUCKET}/`,
    headers: { 'content-type': contentType, ...headers },
  }
  return send(cloud, signed, body)
}
