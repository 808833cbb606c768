import { randomUUID } from 'node:crypto'
import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type ServerResponse,
} from 'node:http'
import { closeServer, listen } from '../http'
import { isAllowed } from '../ram/evaluate'
import { presentKeys, requestKeys } from '../ram/request-keys'
import type { Account, Principal } from '../ram/types'
import { isAcs3 } from './acs3'
import { assumeRole } from './assume-role'
import { getCallerIdentity } from './caller-identity'
import { StsError } from './errors'
import { parameter, readHead, readRequest, type StsRequest } from './request'
import { type Fields, toBody } from './response-body'
import { type Nonces, readClaim, verifyClaim } from './signature'

/** One line of the request log; `who` is an access key id, never more of the credentials. */
export type StsLogEntry = {
  method: string
  action: string
  who: string
  status: number
  code?: string
  detail?: string
}

export type StsOptions = {
  host: string
  /** The port; 0 for a free one. */
  port: number
  account: Account
  /** Unix ms. */
  now: () => number
  log: (entry: StsLogEntry) => void
  /** The APIs of other services that answer at the same address. */
  apis?: readonly ReadApi[]
  /** Wraps the listener that answers requests. */
  guard?: (listener: RequestListener) => RequestListener
}

export type StsServer = { url: string; port: number; close: () => Promise<void> }

/** What an action is asked with. */
export type ActionContext = {
  account: Account
  caller: Principal
  /** Unix ms. */
  now: number
  /** Throws a `StsError` unless the caller's policies allow the action on the resource. */
  require: (action: string, resource: string) => void
}
type Action = (request: StsRequest, context: ActionContext) => Fields

/** Actions that only read, of another service than STS. */
export type ReadApi = {
  service: string
  version: string
  actions: Readonly<Record<string, Action>>
}

type Sts = StsOptions & { nonces: Nonces }
type Answer = { status: number; format: string; root: string; fields: Fields }

const API_VERSION = '2015-04-01'
const ACTIONS: ReadApi['actions'] = {
  AssumeRole: assumeRole,
  GetCallerIdentity: getCallerIdentity,
}
// STS actions that are not emulated are refused by name.
const ABSENT = ['AssumeRoleWithOIDC', 'AssumeRoleWithSAML']
// Fits a policy of 2048 characters in the query, percent-encoded, and a token in a header.
const MAX_HEADER_BYTES = 65_536

/** Starts the local STS; rejects if the port is in use. */
export async function startSts(options: StsOptions): Promise<StsServer> {
  const sts: Sts = { ...options, nonces: new Map() }
  const { guard = (listener) => listener } = options
  const listener = guard((message, response) => void respond(message, response, sts))
  const server = createServer({ maxHeaderSize: MAX_HEADER_BYTES }, listener)
  const port = await listen(server, options.port, options.host)
  return { url: `http://localhost:${port}`, port, close: () => closeServer(server) }
}

async function respond(message: IncomingMessage, response: ServerResponse, sts: Sts) {
  const requestId = randomUUID().toUpperCase()
  const entry: StsLogEntry = { method: message.method ?? '', action: '-', who: '-', status: 500 }
  const { status, format, root, fields } = await answer(message, sts, entry)
  sts.log({ ...entry, status })
  const { contentType, body } = toBody(format, root, { RequestId: requestId, ...fields })
  response.writeHead(status, { 'content-type': contentType, 'x-acs-request-id': requestId })
  response.end(body)
}

async function answer(message: IncomingMessage, sts: Sts, entry: StsLogEntry): Promise<Answer> {
  const head = readHead(message)
  let format = formatOf(head)
  try {
    const request = await readRequest(message, head)
    format = formatOf(request)
    const { name, act } = readAction(request, sts.apis ?? [])
    entry.action = name
    const claim = readClaim(request)
    entry.who = claim.accessKeyId
    const now = sts.now()
    const caller = verifyClaim(claim, { ...sts, now })
    const { account } = sts
    const require = requireRight(caller, request, now)
    const fields = act(request, { account, caller, now, require })
    return { status: 200, format, root: `${name}Response`, fields }
  } catch (error) {
    const refusal = error instanceof StsError ? error : new StsError('InternalError')
    const { code, message: text, status } = refusal
    entry.code = code
    // The string to sign contains policy and token: the client receives it, the log does not.
    if (code !== 'SignatureDoesNotMatch')
      entry.detail = error instanceof StsError ? text : String(error)
    const fields = {
      HostId: message.headers.host ?? '',
      Code: code,
      Message: text,
      Recommend: `https://api.aliyun.com/troubleshoot?q=${code}&product=Sts`,
    }
    return { status, format, root: 'Error', fields }
  }
}

function formatOf(request: StsRequest): string {
  return parameter(request, 'Format') ?? (isAcs3(request) ? 'JSON' : 'XML')
}

function requireRight(
  caller: Principal,
  { sourceIp, headers }: StsRequest,
  now: number,
): ActionContext['require'] {
  const { accessKeyId } = caller
  const userAgent = headers['user-agent'] ?? ''
  const context = presentKeys(requestKeys({ sourceIp, now, userAgent, accessKeyId }))
  return (action, resource) => {
    if (!isAllowed(caller, { action, resource, context })) throw new StsError('NoPermission')
  }
}

function readAction(request: StsRequest, apis: readonly ReadApi[]): { name: string; act: Action } {
  if (!['GET', 'POST'].includes(request.method)) throw new StsError('UnsupportedHTTPMethod')
  const name = request.headers['x-acs-action'] ?? parameter(request, 'Action') ?? ''
  const version = request.headers['x-acs-version'] ?? parameter(request, 'Version') ?? ''
  const api = apis.find((each) => each.version === version)
  if (api) return { name, act: findAction(api, name) }
  if (request.path !== '/') throw new StsError('InvalidAction.NotFound')
  if (ABSENT.includes(name)) {
    throw new StsError('NotImplemented', `The local STS does not implement ${name}.`)
  }
  const act = Object.hasOwn(ACTIONS, name) ? ACTIONS[name] : undefined
  if (!act) throw new StsError('InvalidAction.NotFound')
  if (version !== API_VERSION) throw new StsError('NoSuchVersion')
  return { name, act }
}

function findAction({ service, actions }: ReadApi, name: string): Action {
  const act = Object.hasOwn(actions, name) ? actions[name] : undefined
  if (act) return act
  throw new StsError('NotImplemented', `The local ${service} does not implement ${name}.`)
}
