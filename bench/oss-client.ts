import type { ChildProcess } from 'node:child_process'
import { Agent, type IncomingMessage, request } from 'node:http'
import { DEFAULT_SEED } from '../local/ram/account'
import { signHeaders } from '../shared/signing/header'
import { formAround, pump } from './oss-body'

// The client of the benchmarks; it signs every request, for every server.

export const MiB = 1024 ** 2
export const LARGE = 100 * MiB
export const PART = 100 * 1024
export const PARTS = 1000
export const SMALL = 1024
export const BUCKET = 'bench-bucket'
export const FORM = 'form'
const PARALLEL = 8
const credentials = DEFAULT_SEED.root

/** A server under test, in a separate process. */
export type Server = { name: string; url: string; child: ChildProcess; isOss: boolean }
type RequestInput = {
  method: string
  key: string
  query?: Record<string, string>
  headers?: Record<string, string>
}

const agent = new Agent({ keepAlive: true, maxSockets: PARALLEL })
const small = Buffer.alloc(SMALL, 'x')

function prepare(
  server: Server,
  input: RequestInput,
): { path: string; headers: Record<string, string> } {
  const now = Math.floor(Date.now() / 1000)
  const { url, headers } = signHeaders({
    ...input,
    target: targetOf(server),
    credentials,
    now,
  } as Parameters<typeof signHeaders>[0])
  return { path: url.slice(server.url.length), headers }
}

function targetOf({ url }: Server) {
  const addressing = 'path' as const
  return { bucket: BUCKET, region: 'cn-hangzhou', endpoint: url, addressing }
}

/** Uploads an object of `size` bytes. */
export function put(server: Server, key: string, size: number, query?: Record<string, string>) {
  return send(server, { method: 'PUT', key, ...(query && { query }) }, size)
}

/** Downloads an object. */
export function get(server: Server, key: string) {
  return send(server, { method: 'GET', key }, 0)
}

/** Deletes an object. */
export function remove(server: Server, key: string) {
  return send(server, { method: 'DELETE', key }, 0)
}

/** Uploads 1,000 parts and completes the upload. */
export async function multipart(server: Server, round: number): Promise<void> {
  const key = `parts-${round}`
  const begun = await send(server, { method: 'POST', key, query: { uploads: '' } }, 0)
  const uploadId = /<UploadId>(\w+)</.exec(begun)?.[1] ?? 'none'
  await inParallel(PARTS, (i) => put(server, key, PART, { partNumber: String(i + 1), uploadId }))
  const headers = { 'x-oss-complete-all': 'yes' }
  await send(server, { method: 'POST', key, query: { uploadId }, headers }, 0)
}

/** Uploads 100 MB with a form, as a browser does. */
export async function postForm(server: Server): Promise<void> {
  const now = Math.floor(Date.now() / 1000)
  const { contentType, ...around } = formAround(targetOf(server), FORM, now)
  const headers = { 'content-type': contentType }
  // The bare server does not parse forms; it takes the name from the path.
  const path = `/${BUCKET}/${server.isOss ? '' : FORM}`
  await exchange(server, { method: 'POST', path, headers }, LARGE, around)
}

function send(server: Server, input: RequestInput, size: number): Promise<string> {
  return exchange(server, { method: input.method, ...prepare(server, input) }, size)
}

function exchange(
  server: Server,
  { method, path, headers }: { method: string; path: string; headers: Record<string, string> },
  size: number,
  { before = '', after = '' }: { before?: string; after?: string } = {},
): Promise<string> {
  const length = before.length + size + after.length
  return new Promise((resolve, reject) => {
    const { port } = new URL(server.url)
    const outgoing = request(
      {
        host: '127.0.0.1',
        port,
        method,
        path,
        agent,
        headers: { ...headers, ...(method !== 'GET' && { 'content-length': length }) },
      },
      (response) => readAnswer(response).then(resolve, reject),
    )
    outgoing.once('error', reject)
    outgoing.write(before)
    writeBody(outgoing, size, after)
  })
}

function writeBody(outgoing: ReturnType<typeof request>, size: number, after: string): void {
  if (size === SMALL) {
    outgoing.end(small)
    return
  }
  pump(outgoing, size, after)
}

async function readAnswer(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const piece of response) if (text.length < 100_000) text += piece.toString('latin1')
  if ((response.statusCode ?? 0) >= 300) throw new Error(`${response.statusCode} ${text}`)
  return text
}

/** Runs a task `count` times, eight at a time. */
export async function inParallel(
  count: number,
  run: (index: number) => Promise<unknown>,
): Promise<void> {
  let next = 0
  const work = async () => {
    while (next < count) await run(next++)
  }
  await Promise.all(Array.from({ length: PARALLEL }, work))
}

/** Closes the keep-alive connections. */
export function hangUp(): void {
  agent.destroy()
}
