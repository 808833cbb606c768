import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import type { Principal } from '../ram/types'
import { CALLBACK_KEY_PATH } from './callback/key'
import type { Answer, Cloud, LogEntry } from './cloud'
import { continueOnRead } from './continue'
import { corsOf, dispatch, findRoute } from './dispatch'
import { ACCESS } from './errors/access'
import { AUTH } from './errors/auth'
import { OBJECT } from './errors/object'
import { OssError } from './errors/oss-error'
import type { FaultEffect, FaultPlan } from './faults'
import { newRequestId } from './ids'
import type { Notes } from './notes'
import type { Observation, RequestRecord } from './recorder'
import { sendAnswer, sendTruncated } from './send-answer'
import { type Naming, parseRequest } from './wire'
import { errorAnswer } from './xml-answer'

/** The dependencies of every exchange, its socket aside. */
export type Service = {
  cloud: Cloud
  naming: Naming
  faults: FaultPlan
  /**
   * Called for every request once its response is known, before the client receives it; called
   * again if sending the response then fails.
   */
  record: (record: RequestRecord) => void
  /** Called like `record`, with what was computed and sent on the way. */
  observe?: ((observation: Observation) => void) | undefined
}

type Exchange = {
  message: IncomingMessage
  response: ServerResponse
  record: RequestRecord
  notes: Notes
}

/** Answers one request and records it; every failure becomes an error response. */
export async function answerRequest(
  service: Service,
  message: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const record = startRecord(service, message)
  const exchange = { message, response, record, notes: { callbacks: [] } }
  continueOnRead(message, response)
  try {
    if (isKeyRequest(message)) await serveKey(service, exchange)
    else await serve(service, exchange)
  } catch (error) {
    // No response can be sent on this socket any more.
    service.record({ ...record, detail: String(error) })
    message.socket.destroy()
  }
}

async function serve(service: Service, exchange: Exchange): Promise<void> {
  const { message, response, record, notes } = exchange
  const startedAt = performance.now()
  const { answer, effect } = await decide(service, exchange)
  noteOutcome(record, answer)
  service.record(record)
  service.observe?.({ ...record, ...notes })
  response.setHeader('Server', 'AliyunOSS')
  // Otherwise Node sets its own: clients compute an object's age by the cloud's clock.
  response.setHeader('Date', new Date(service.cloud.now()).toUTCString())
  response.setHeader('x-oss-request-id', record.requestId)
  response.setHeader('x-oss-server-time', String(Math.round(performance.now() - startedAt)))
  try {
    if (effect === 'reset') message.socket.resetAndDestroy()
    else if (effect === 'truncate') await sendTruncated(answer, message, response)
    else await sendAnswer(answer, message, response)
  } finally {
    // An object that was not sent, or not completely, keeps its file open until it is destroyed.
    if (answer.body instanceof Readable) answer.body.destroy()
  }
}

async function serveKey({ cloud, ...service }: Service, { message, response, record }: Exchange) {
  const headers = { 'content-type': 'text/plain', 'access-control-allow-origin': '*' }
  const answer = { status: 200, headers, body: cloud.callbackKey.pem }
  noteOutcome(record, answer)
  service.record(record)
  await sendAnswer(answer, message, response)
}

async function decide(
  { cloud, naming, faults, observe }: Service,
  { message, record, notes }: Exchange,
): Promise<{ answer: Answer; effect?: FaultEffect | undefined }> {
  const refuse = (error: unknown): Answer => {
    if (!(error instanceof OssError)) record.detail = String(error)
    return errorAnswer(toOssError(error, message), record)
  }
  try {
    const request = parseRequest(message, naming, record.requestId)
    const { bucket, key } = request
    Object.assign(record, bucket && { bucket }, key && { key })
    const route = findRoute(request)
    record.operation = route.name
    const rule = faults.take(request, route.name)
    const effect = rule?.respond
    const onPrincipal = (principal: Principal | undefined) => {
      record.who = nameOf(principal)
    }
    const received = {
      cloud: {
        ...cloud,
        v1Refused: cloud.v1Refused || effect === 'v1Refused',
        isVersioned: effect === 'versioned',
        ...(observe && { notes }),
      },
      request,
      body: message,
      onPrincipal,
    }
    const proceed = () => dispatch(route, received)
    const answer = await strike(effect, proceed, cloud.stopping).catch(refuse)
    // Only the body of a form shows whether it is signed by V1.
    const isStruck = effect !== 'v1Refused' || answer.error?.ec === AUTH.v1Refused[3]
    if (rule && isStruck) record.fault = nameOfEffect(rule.respond)
    else if (rule) faults.giveBack(rule)
    return {
      answer: { ...answer, headers: { ...corsOf(request, cloud), ...answer.headers } },
      effect,
    }
  } catch (error) {
    return { answer: refuse(error) }
  }
}

async function strike(
  effect: FaultEffect | undefined,
  proceed: () => Promise<Answer>,
  stopping: AbortSignal,
): Promise<Answer> {
  if (effect === 503) throw new OssError(OBJECT.unavailable)
  if (effect === 'publicEndpointForbidden') throw new OssError(ACCESS.publicEndpoint)
  if (typeof effect === 'object') {
    await pause(effect.delayMs, undefined, { signal: stopping }).catch(() => {
      throw new OssError(OBJECT.unavailable)
    })
  }
  return proceed()
}

function nameOfEffect(effect: FaultEffect): string {
  return typeof effect === 'object' ? `delayMs ${effect.delayMs}` : String(effect)
}

function startRecord({ cloud }: Service, message: IncomingMessage): RequestRecord {
  return {
    requestId: newRequestId(),
    receivedAt: cloud.now(),
    method: message.method ?? '',
    host: message.headers.host ?? '',
    target: message.url ?? '',
    who: 'anonymous',
    status: 0,
  }
}

/** Returns the part of a record that is logged. */
export function toLogEntry(record: RequestRecord): LogEntry {
  const { method, bucket, key, who, status, code, ec, detail, fault } = record
  return {
    method,
    ...(bucket !== undefined && { bucket }),
    ...(key !== undefined && { key }),
    who,
    status,
    ...(code !== undefined && { code }),
    ...(ec !== undefined && { ec }),
    ...(detail !== undefined && { detail }),
    ...(fault !== undefined && { fault }),
  }
}

function isKeyRequest({ method, url }: IncomingMessage): boolean {
  return (method === 'GET' || method === 'HEAD') && url === CALLBACK_KEY_PATH
}

function nameOf(principal: Principal | undefined): string {
  if (!principal) return 'anonymous'
  if (principal.kind !== 'session') return principal.accessKeyId
  return `${principal.role.name}/${principal.sessionName}`
}

// A body that ends early is the client's failure; any other unexpected error is internal.
function toOssError(error: unknown, message: IncomingMessage): OssError {
  if (error instanceof OssError) return error
  const hasLeft = message.errored !== null || (message.destroyed && !message.complete)
  return new OssError(hasLeft ? OBJECT.requestTimeout : OBJECT.internal)
}

function noteOutcome(record: RequestRecord, { status, error }: Answer): void {
  record.status = status
  if (!error) return
  record.code = error.code
  record.detail ??= error.message
  if (error.ec !== '') record.ec = error.ec
}
