import { generateKeyPairSync, sign } from 'node:crypto'
import { createCallbackKeys } from '../../../shared/callback/keys'
import {
  type CallbackContext,
  type ProvenUpload,
  proveCreated,
  proveUpload,
} from '../../../shared/callback/prove'
import { Refusal } from '../../../shared/errors'
import type { HttpRequest, OutgoingRequest, Send } from '../../../shared/http/message'
import { signTicket } from '../../../shared/policy/signed-ticket'
import type { Ticket } from '../../../shared/policy/ticket'
import { defineRules, type Rules } from '../../../shared/rules/rules'
import { BODY } from './example'

const NOW = 1_700_000_000
const PATH = '/upload-callback'
const KEYS = { secrets: ['a ticket secret of 32 bytes and more'], audience: 'https://a.example/cb' }
const KEY_URL = 'http://localhost:9001/callback_pub_key_v1.pem'
const pair = generateKeyPairSync('rsa', { modulusLength: 1024 })
const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()

export const RULES = defineRules({
  photo: {
    key: 'photos/{sub}/{path}',
    upload: {
      contentTypes: ['image/png', 'image/jpeg'],
      maxBytes: 9,
      metadata: { title: 9 },
      multipart: { partBytes: 102_400 },
      mechanisms: ['sts', 'url', 'form'],
      unenforced: {
        sts: ['size', 'contentType', 'metadata', 'overwrite', 'callback'],
        form: ['metadata'],
      },
    },
    download: {},
  },
  page: {
    key: 'pages/{sub}/{path}',
    upload: {
      cacheControl: 'private',
      contentDisposition: 'attachment',
      storageClass: 'IA',
      serverSideEncryption: 'AES256',
    },
  },
})

const limits = { bucket: 'demo-bkt', minBytes: 5, maxBytes: 5, issuedAt: NOW, expiresAt: NOW + 600 }

/** A ticket for alice's photo by URL; each test changes one thing. */
export const TICKET: Ticket = {
  ...limits,
  id: 'id-1',
  use: 'url',
  rule: 'photo',
  sub: 'alice',
  key: 'photos/alice/1.png',
  contentTypes: ['image/png'],
}

/** The ticket of STS credentials for alice's photos. */
export const STS_TICKET: Ticket = {
  ...limits,
  ...{ id: 'id-2', use: 'sts', rule: 'photo', sub: 'alice', prefix: 'photos/alice/' },
  contentTypes: ['image/png', 'image/jpeg'],
}

/** What HeadObject shows of the photo. */
const HEAD: Record<string, string> = {
  'content-length': '5',
  'content-type': BODY.mimeType,
  'content-md5': BODY.contentMd5,
  etag: `"${BODY.etag}"`,
  'last-modified': 'Tue, 14 Nov 2023 22:13:20 GMT',
  'x-oss-hash-crc64ecma': BODY.crc64,
  'x-oss-object-type': 'Normal',
  'x-oss-storage-class': 'Standard',
}

/** What a test changes of a good upload: an absent header is undefined. */
export type Change = {
  ticket?: Ticket
  body?: Record<string, unknown>
  head?: Record<string, string | undefined>
  headStatus?: number
  rules?: Rules
  /** A denied subject, or the error with which the deny list cannot be read. */
  denied?: string | Error
  /** Request headers of the callback. */
  headers?: Record<string, string>
  isConfirmed?: boolean
  /** What GetObject answers: the first bytes, and the status of each answer, the last one for all others. */
  start?: Buffer | Error
  startStatuses?: readonly [number, ...number[]]
}

/** Everything that was sent for the last proof. */
export const requests: OutgoingRequest[] = []

function contextOf({
  head = {},
  rules = RULES,
  denied,
  headStatus = 200,
  isConfirmed = true,
  start = Buffer.alloc(0),
  startStatuses = [206],
}: Change): CallbackContext {
  requests.length = 0
  const send: Send = async (request) => {
    requests.push(request)
    if (request.method === 'GET') {
      if (start instanceof Error) throw start
      // The first request is a HEAD.
      const status = startStatuses[requests.length - 2] ?? startStatuses.at(-1)
      return { status: status ?? 206, headers: {}, body: start }
    }
    const headers = Object.fromEntries(
      Object.entries({ ...HEAD, ...head }).filter(([, value]) => value !== undefined),
    ) as Record<string, string>
    return { status: headStatus, headers, body: Buffer.alloc(0) }
  }
  const target = {
    bucket: 'demo-bkt',
    region: 'cn-hangzhou',
    endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
    addressing: 'virtual-hosted' as const,
  }
  const credentials = { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 't' }
  return {
    rules,
    bucket: 'demo-bkt',
    readDeniedSubs: async () => {
      if (denied instanceof Error) throw denied
      return new Set(denied === undefined ? [] : [denied])
    },
    callbackPath: PATH,
    keys: createCallbackKeys({ send, trusted: { url: KEY_URL, pem } }),
    ticketKeys: KEYS,
    now: NOW,
    ...(isConfirmed && { accessOf: () => ({ target, credentials, now: NOW, send }) }),
  }
}

/** What a callback proves, or the reason that it is refused for. */
export async function prove(change: Change = {}): Promise<ProvenUpload['upload'] | string> {
  const { ticket = TICKET, body = {}, headers = {} } = change
  const object = 'key' in ticket ? ticket.key : 'photos/alice/1.png'
  const text = JSON.stringify({ ...BODY, object, ticket: signTicket(ticket, KEYS), ...body })
  const authorization = sign('md5', Buffer.from(`${PATH}\n${text}`), pair.privateKey)
  const request: HttpRequest = {
    ...{ method: 'POST', path: PATH, query: {}, requestId: 'r', sourceIp: '127.0.0.1' },
    headers: {
      authorization: authorization.toString('base64'),
      'x-oss-pub-key-url': Buffer.from(KEY_URL).toString('base64'),
      ...headers,
    },
    body: Buffer.from(text),
  }
  return reasonOf(async () => (await proveUpload(request, contextOf(change))).upload)
}

/** What OSS's trigger proves of an object of this key, or why it is ignored. */
export async function proveByTrigger(
  key: string,
  change: Change = {},
): Promise<ProvenUpload['upload'] | string> {
  return reasonOf(async () => {
    const proven = await runTrigger(key, change)
    return 'ignored' in proven ? proven.ignored : proven.upload
  })
}

/** Proves an object of this key that OSS's trigger reports. */
export async function runTrigger(
  key: string,
  change: Change = {},
): Promise<ProvenUpload | { ignored: string }> {
  const reported = { size: 5, etag: BODY.etag, contentType: BODY.mimeType, metadata: {} }
  return proveCreated({ bucket: 'demo-bkt', key, reported }, contextOf(change))
}

async function reasonOf<Value>(run: () => Promise<Value>): Promise<Value | string> {
  try {
    return await run()
  } catch (error) {
    if (error instanceof Refusal) return error.reason
    throw error
  }
}
