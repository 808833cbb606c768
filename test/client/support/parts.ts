import { type Api, createApi } from '../../../client/api'
import { createSwitches, type Switches } from '../../../client/control'
import { OssDirectError } from '../../../client/errors'
import type { PartsJob } from '../../../client/job'
import type { Timing } from '../../../client/parts/begun'
import { uploadParts } from '../../../client/parts/upload-parts'
import { fetchTransport } from '../../../client/transports/fetch'
import type {
  KeyValueStorage,
  SendRequest,
  SendResponse,
  Transport,
  Uploaded,
  UploadState,
} from '../../../client/types'
import { type Info, random, sha256, storedHash } from '../../e2e/support/client'
import { shareLocalCloud } from '../../e2e/support/cloud'
import { issueToken } from '../../support/token'

export const KIB = 1024
export const PART = 100 * KIB

/** Shares a local cloud whose rules have small parts. */
export function sharePartsCloud(): () => Info {
  return shareLocalCloud({ rules: 'test/support/rules/parts.ts' })
}

let named = 0

/** A file of random bytes, of a name of its own, with a date, so that its upload can go on later. */
export function randomFile(bytes: number, name = `${++named}.mp4`): File {
  return new File([random(bytes)], name, { type: 'video/mp4', lastModified: 1_700_000_000_000 })
}

/** A storage in memory. */
export function memory(): KeyValueStorage & { readonly items: Map<string, string> } {
  const items = new Map<string, string>()
  return {
    items,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
  }
}

/** What a request does in OSS. */
export function operationOf({ method, url }: SendRequest): string {
  const query = new URL(url).searchParams
  if (!query.has('uploads') && !query.has('uploadId')) return method
  if (method === 'PUT') return `part ${query.get('partNumber')}`
  return (
    { POST: query.has('uploads') ? 'initiate' : 'complete', DELETE: 'abort' }[method as 'POST'] ??
    'list'
  )
}

type Sender = (request: SendRequest) => Promise<SendResponse>

/** Changes what a transport does with some requests: gets the operation, the request and what sends it. */
export type Change = (
  operation: string,
  request: SendRequest,
  send: Sender,
) => Promise<SendResponse>

/** One upload under test. */
export interface Trial {
  job: PartsJob
  done: Promise<Uploaded>
  switches: Switches
  /** The operations that were sent, in order. */
  operations: string[]
  reports: { sent: number; state: UploadState; isStalled: boolean }[]
  waits: number[]
}

export interface TrialOptions extends Partial<PartsJob> {
  file?: File
  getToken?: (reason: 'request' | 'refused') => Promise<string>
  change?: Change
  timing?: Timing
  /** Called before each request to the functions; throws to refuse. */
  onAsk?: (body: object) => void | Promise<void>
  /** By how much the client's clock moves on with each request to OSS, in milliseconds. */
  lasting?: number
}

/** Starts an upload in parts by a new engine, whose delays take no time. */
export function start(info: Info, options: TrialOptions = {}): Trial {
  const { file = randomFile(3 * PART), change, timing, onAsk, lasting = 0, ...own } = options
  const getToken = options.getToken ?? (() => issueToken(info, { sub: 'alice' }))
  const switches = createSwitches()
  const operations: string[] = []
  const reports: Trial['reports'] = []
  const waits: number[] = []
  let passed = 0
  const observed = (api: Api): Api => ({
    async ask(path, body, signal) {
      await onAsk?.(body)
      const answer = await api.ask(path, body, signal)
      passed = 0
      return answer
    },
    now: () => api.now() + passed,
  })
  const transport: Transport = (request) => {
    if (request.url.startsWith(info.gateway)) return fetchTransport(request)
    const operation = operationOf(request)
    operations.push(operation)
    passed += lasting
    return change ? change(operation, request, fetchTransport) : fetchTransport(request)
  }
  const job: PartsJob = {
    api: observed(createApi({ baseUrl: info.gateway, getToken }, transport)),
    ...{ transport, source: file, storage: null, rule: 'films', concurrency: 3 },
    ...{ filename: file.name, contentType: file.type, verifyCrc64: false },
    control: switches.control,
    report: (sent, state, isStalled) => void reports.push({ sent, state, isStalled }),
    ...own,
  }
  const wait = async (milliseconds: number) => {
    waits.push(milliseconds)
    await new Promise(setImmediate)
  }
  const done = uploadParts(job, { random: () => 1, wait, ...timing })
  done.catch(() => {})
  return { job, done, switches, operations, reports, waits }
}

const LOST = new OssDirectError('No answer came.', { code: 'network', retryable: true })

/** A change that loses these operations for good, once everything else is sent. */
export function losing(lost: readonly string[], others: number): Change {
  let sent = 0
  let go = () => {}
  const all = new Promise<void>((resolve) => {
    go = resolve
  })
  return async (operation, request, send) => {
    if (lost.includes(operation)) {
      if (sent < others) await all
      throw LOST
    }
    const response = await send(request)
    if (++sent === others) go()
    return response
  }
}

/** Leaves an upload without these parts, as a page that is closed does; what is needed to go on with it. */
export async function leaveUnfinished(info: Info, options: TrialOptions & { missing: number[] }) {
  const { missing, file = randomFile(4 * PART), storage: own, ...others } = options
  const storage = own ?? memory()
  const parts = Math.ceil(file.size / PART)
  const change = losing(
    missing.map((partNumber) => `part ${partNumber}`),
    1 + parts - missing.length,
  )
  const first = start(info, { file, storage, change, concurrency: 3, ...others })
  await expect(first.done).rejects.toMatchObject({ code: 'network' })
  return { file, storage, first }
}

/** The SHA-256 of a file and of the object that is stored under a key: equal if all is well. */
export async function hashesOf(info: Info, file: Blob, key: string) {
  const sent = sha256(new Uint8Array(await file.arrayBuffer()))
  return { sent, stored: await storedHash(info, key) }
}
