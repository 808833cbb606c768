import { randomBytes } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Principal } from '../ram/types'
import { errorAnswer, sendAnswer } from './answer'
import { authenticate } from './auth/verify'
import { authorize } from './authorize'
import { CALLBACK_KEY_PATH } from './callback/key'
import type { Answer, BucketContext, Cloud, LogEntry } from './cloud'
import { answerPreflight, corsHeaders } from './cors'
import { ACCESS } from './errors/access'
import { OssError } from './errors/fault'
import { OBJECT } from './errors/object'
import { postObject } from './form/post-object'
import { findOperation } from './operations/table'
import type { Bucket } from './store/state'
import { type Naming, type OssRequest, parseRequest, regionOfHost } from './wire'

/** One exchange on a socket and what it needs. */
export type Exchange = {
  request: IncomingMessage
  response: ServerResponse
  cloud: Cloud
  naming: Naming
  log: (entry: LogEntry) => void
}

/** Answers one request and logs it once; whatever goes wrong becomes an answer. */
export async function answerRequest(exchange: Exchange): Promise<void> {
  const { request: message, response, cloud, naming, log } = exchange
  if (isKeyRequest(message)) return sendKey(exchange)
  const startedAt = performance.now()
  const requestId = randomBytes(12).toString('hex').toUpperCase()
  const entry: LogEntry = { method: message.method ?? '', who: 'anonymous', status: 0 }
  const host = message.headers.host ?? ''
  let request: OssRequest | undefined
  let answer: Answer
  try {
    request = parseRequest(message, naming, requestId)
    if (request.bucket !== '') entry.bucket = request.bucket
    if (request.key !== '') entry.key = request.key
    answer = await respond(request, exchange, entry)
  } catch (error) {
    const refusal = error instanceof OssError ? error : new OssError(OBJECT.internal)
    answer = errorAnswer(refusal, { method: entry.method, requestId, host })
    if (refusal !== error) entry.detail = String(error)
  }
  noteOutcome(entry, answer)
  if (!response.headersSent) {
    setCommonHeaders(response, requestId, Math.round(performance.now() - startedAt))
  }
  const cors = request ? corsOf(request, cloud) : {}
  await sendAnswer({ ...answer, headers: { ...cors, ...answer.headers } }, message, response)
  log(entry)
}

async function respond(request: OssRequest, exchange: Exchange, entry: LogEntry): Promise<Answer> {
  const { cloud } = exchange
  if (request.method === 'OPTIONS') {
    return answerPreflight(findBucket(request, cloud).settings.cors, request.headers)
  }
  const body = continued(exchange)
  if (isForm(request)) {
    const bucket = findBucket(request, cloud)
    const context = { cloud, request, body, principal: undefined, receivedAt: cloud.now(), bucket }
    return postObject(context, ({ principal }) => noteWho(entry, principal))
  }
  const now = cloud.now()
  const principal = authenticate(request, { account: cloud.account, region: cloud.region, now })
  noteWho(entry, principal)
  const operation = findOperation(request)
  const bucket = findBucket(request, cloud)
  const context: BucketContext = { cloud, request, body, principal, receivedAt: now, bucket }
  authorize({ principal, request, now, bucket }, operation.needs(context))
  return operation.run(context)
}

// A client that asked whether to go on is told so only when its body is about to be read.
function continued({ request, response }: Exchange): IncomingMessage {
  if (request.headers.expect?.toLowerCase() !== '100-continue') return request
  const read = request.read.bind(request)
  let isAsked = false
  request.read = (size?: number) => {
    if (!isAsked && !response.headersSent) response.writeContinue()
    isAsked = true
    return read(size)
  }
  return request
}

function isKeyRequest({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url === CALLBACK_KEY_PATH
}

function sendKey({ request, response, cloud, log }: Exchange): Promise<void> {
  log({ method: request.method ?? '', who: 'anonymous', status: 200, detail: CALLBACK_KEY_PATH })
  const headers = { 'content-type': 'text/plain', 'access-control-allow-origin': '*' }
  return sendAnswer({ status: 200, headers, body: cloud.callbackKey.pem }, request, response)
}

function isForm({ method, key, bucket, query }: OssRequest): boolean {
  return (
    method === 'POST' && bucket !== '' && key === '' && !query.some(([name]) => name === 'delete')
  )
}

function findBucket(request: OssRequest, { store, region }: Cloud): Bucket {
  const named = regionOfHost(request.host)
  if (named !== undefined && named !== region) {
    throw new OssError(ACCESS.endpoint, {
      Bucket: request.bucket,
      Endpoint: `oss-${region}.aliyuncs.com`,
    })
  }
  const bucket = store.bucket(request.bucket)
  if (!bucket) throw new OssError(OBJECT.noSuchBucket, { BucketName: request.bucket })
  return bucket
}

function corsOf(request: OssRequest, { store }: Cloud): Record<string, string> {
  if (request.method === 'OPTIONS') return {}
  return corsHeaders(store.bucket(request.bucket)?.settings.cors, request.method, request.headers)
}

function noteWho(entry: LogEntry, principal: Principal | undefined): void {
  if (!principal) return
  entry.who =
    principal.kind === 'session'
      ? `${principal.role.name}/${principal.sessionName}`
      : principal.accessKeyId
}

function noteOutcome(entry: LogEntry, { status, error }: Answer): void {
  entry.status = status
  if (!error) return
  entry.code = error.code
  entry.detail ??= error.message
  if (error.ec !== '') entry.ec = error.ec
}

function setCommonHeaders(response: ServerResponse, requestId: string, elapsedMs: number): void {
  response.setHeader('Server', 'AliyunOSS')
  response.setHeader('x-oss-request-id', requestId)
  response.setHeader('x-oss-server-time', String(elapsedMs))
}
