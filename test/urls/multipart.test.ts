import { encodedCallback } from '../../shared/callback/parameter'
import { Refusal } from '../../shared/errors'
import type { PartsRequest } from '../../shared/policy/parse-request'
import { signTicket, verifyTicket } from '../../shared/policy/signed-ticket'
import type { Ticket } from '../../shared/policy/ticket'
import type { MultipartRequest } from '../../shared/rules/requests'
import {
  signAbort,
  signComplete,
  signInitiate,
  signLists,
  signParts,
  toPlan,
} from '../../shared/signing/multipart'
import type { UrlContext } from '../../shared/urls/context'
import { limitParts, signMultipart, signMultipartParts } from '../../shared/urls/multipart'
import { refusalOf } from '../support/reason'
import { ALICE, CONTEXT, KEYS, NOW } from './support/example'

const KiB = 1024
const MiB = 1024 ** 2
const PART = 100 * KiB
const LENGTH = 3 * PART + 1
const BEGIN: MultipartRequest = {
  operation: 'multipart',
  rule: 'clips',
  filename: 'a/b.mp4',
  contentType: 'video/mp4',
  contentLength: LENGTH,
}
const SIGNER = {
  target: CONTEXT.target,
  key: 'clips/alice/a/b.mp4',
  credentials: CONTEXT.credentials,
  now: NOW,
  expiresSeconds: 600,
}

function begin(change: Partial<MultipartRequest> = {}) {
  return signMultipart(ALICE, { ...BEGIN, ...change }, CONTEXT)
}

const TICKET: Ticket = {
  id: '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11',
  use: 'multipart',
  rule: 'clips',
  sub: 'alice',
  bucket: 'demo-bkt',
  key: 'clips/alice/a/b.mp4',
  minBytes: LENGTH,
  maxBytes: LENGTH,
  contentTypes: ['video/mp4'],
  partSize: PART,
  issuedAt: NOW,
  expiresAt: NOW + 86_400,
}

/** Asks for parts of the upload that a ticket tells of; `taken` is how many were counted. */
async function askParts(
  change: Partial<PartsRequest> = {},
  { ticket = {}, context = {} }: { ticket?: Partial<Ticket>; context?: Partial<UrlContext> } = {},
) {
  const taken: number[] = []
  const text = signTicket({ ...TICKET, ...ticket } as Ticket, KEYS)
  const request = { operation: 'multipart-parts' as const, ticket: text, uploadId: 'U1', ...change }
  const takeParts = (count: number) => void taken.push(count)
  const signed = await signMultipartParts(ALICE, request, { ...CONTEXT, ...context, takeParts })
  return { signed, taken, text }
}

describe('an upload in parts that begins', () => {
  it('is planned, and its first request is signed with all that the rule fixes', async () => {
    const { ticket, ...begun } = await begin()
    expect(begun).toEqual({
      key: 'clips/alice/a/b.mp4',
      partSize: PART,
      partCount: 4,
      initiate: signInitiate({
        ...SIGNER,
        headers: {
          'content-type': 'video/mp4',
          'x-oss-object-acl': 'private',
          'x-oss-storage-class': 'Standard',
          'x-oss-forbid-overwrite': 'true',
        },
      }),
      expiresAt: '2023-11-14T22:23:20Z',
      ticketExpiresAt: '2023-11-15T22:13:20Z',
    })
    const options = {
      ...KEYS,
      secrets: KEYS.secrets.slice(0, 1),
      now: NOW,
      use: ['multipart' as const],
    }
    expect(verifyTicket(ticket, options)).toEqual(TICKET)
  })

  it('is cut by its length where the rule does not say', async () => {
    const wish = { rule: 'pages', contentType: 'text/html', contentLength: 20 * MiB }
    expect(await begin(wish)).toMatchObject({ partSize: 8 * MiB, partCount: 3 })
  })

  it('goes to the bucket of the rule, where it names one', async () => {
    const { initiate } = await begin({ rule: 'elsewhere' })
    expect(new URL(initiate.url).host).toBe('other-bkt.oss-cn-hangzhou.aliyuncs.com')
  })

  it('has up to 10,000 parts, and is refused with the size that fits where it needs more', async () => {
    expect(await begin({ contentLength: 10_000 * PART })).toMatchObject({ partCount: 10_000 })
    expect(await refusalOf(() => begin({ contentLength: 10_000 * PART + 1 }))).toMatchObject({
      reason: 'file_too_large',
      facts: { maxBytes: 10_000 * PART },
    })
  })

  it('is refused for what the rule refuses', async () => {
    const refusal = await refusalOf(() => begin({ contentType: 'a/b' }))
    expect(refusal.reason).toBe('file_type_not_allowed')
  })
})

describe('the parts of an upload', () => {
  it('are all signed, with what lists, completes and aborts it', async () => {
    const { signed, taken, text } = await askParts()
    const upload = { ...SIGNER, uploadId: 'U1' }
    const lists = signLists({ ...upload, partCount: 4 })
    expect(signed).toEqual({
      parts: signParts({ ...upload, plan: toPlan(LENGTH, PART), partNumbers: [1, 2, 3, 4] }),
      list: lists[0],
      lists,
      complete: signComplete({
        ...upload,
        callback: encodedCallback({ url: CONTEXT.callbackUrl, ticket: text }),
        overwrite: false,
      }),
      abort: signAbort(upload),
      expiresAt: '2023-11-14T22:23:20Z',
    })
    expect(signed.parts.map(({ size }) => size)).toEqual([PART, PART, PART, 1])
    expect(taken).toEqual([4])
  })

  it('are the first hundred where none are named', async () => {
    const long = { minBytes: 101 * PART, maxBytes: 101 * PART }
    const { signed, taken } = await askParts({}, { ticket: long })
    const numbers = signed.parts.map(({ partNumber }) => partNumber)
    expect(numbers).toEqual(Array.from({ length: 100 }, (_, index) => index + 1))
    expect(taken).toEqual([100])
  })

  it('are those that are named, in their order, and each must be one of the upload', async () => {
    const { signed, taken } = await askParts({ partNumbers: [4, 1] })
    expect(signed.parts.map(({ partNumber }) => partNumber)).toEqual([4, 1])
    expect(taken).toEqual([2])
    const refusal = await refusalOf(() => askParts({ partNumbers: [4, 5] }))
    const issues = [{ path: 'partNumbers.1', message: 'must be at most 4' }]
    expect(refusal).toMatchObject({ reason: 'request_malformed', issues })
    const first = await refusalOf(() => askParts({ partNumbers: [5, 4] }))
    expect(first.issues).toMatchObject([{ path: 'partNumbers.0' }])
  })

  it('are asked for again under the name that only the ticket still knows', async () => {
    const { key, ticket } = await begin({ rule: 'named', filename: 'a.mp4' })
    expect((await askParts({ ticket })).signed.parts).toHaveLength(4)
    const nameless = { rule: 'named', key }
    const refusal = await refusalOf(() => askParts({}, { ticket: nameless }))
    expect(refusal.reason).toBe('caller_not_allowed')
  })

  it('replace an object and go to another bucket where the rule says so', async () => {
    const ticket = { rule: 'elsewhere', key: 'elsewhere/alice/a/b.mp4', bucket: 'other-bkt' }
    const { signed } = await askParts({}, { ticket })
    expect(signed.complete.headers).not.toHaveProperty('x-oss-forbid-overwrite')
    for (const { url } of [...signed.parts, ...signed.lists, signed.complete, signed.abort]) {
      expect(new URL(url).host).toBe('other-bkt.oss-cn-hangzhou.aliyuncs.com')
    }
  })

  it('are refused once the rule no longer allows the upload', async () => {
    const refusal = await refusalOf(() => askParts({}, { ticket: { contentTypes: ['a/b'] } }))
    expect(refusal.reason).toBe('file_type_not_allowed')
  })
})

describe('the ticket of an upload in parts', () => {
  const { partSize: _, ...plain } = TICKET
  const ofUrl = signTicket({ ...plain, use: 'url' }, KEYS)
  const forged = signTicket(TICKET, { ...KEYS, secrets: ['another secret of 32 bytes and more'] })
  it.each<[string, Parameters<typeof askParts>]>([
    ['another caller', [{}, { ticket: { sub: 'bob' } }]],
    ['another use', [{ ticket: ofUrl }]],
    ['no type', [{}, { ticket: { contentTypes: [] } }]],
    ['an empty type', [{}, { ticket: { contentTypes: [''] } }]],
    ['another secret', [{ ticket: forged }]],
    ['no form at all', [{ ticket: 'abc' }]],
    ['the day before', [{}, { context: { now: NOW + 86_400 } }]],
  ])('is refused with one reason when it is of %s', async (_, given) => {
    const refusal = await refusalOf(() => askParts(...given))
    expect([refusal.reason, refusal.code]).toEqual(['upload_ticket', 'invalid_ticket'])
  })

  it('counts until its last second, whichever of the secrets signed it', async () => {
    const secrets = ['a newer secret of 32 bytes', ...KEYS.secrets]
    const context = { now: NOW + 86_399, ticketKeys: { ...KEYS, secrets } }
    expect((await askParts({}, { context })).signed.parts).toHaveLength(4)
  })

  it('keeps for the log why it was refused', async () => {
    const refusal = await refusalOf(() => askParts({ ticket: forged }))
    expect(refusal.cause).toMatchObject({ reason: 'ticket_invalid' })
  })

  it('lets what is no refusal through as the bug that it is', async () => {
    const context = { ticketKeys: undefined as unknown as typeof KEYS }
    await expect(askParts({}, { context })).rejects.not.toBeInstanceOf(Refusal)
  })
})

describe('the parts that one request may ask for', () => {
  it('are a thousand over all its entries, and the refusal says how many are left', () => {
    const takeParts = limitParts()
    takeParts(900)
    takeParts(100)
    return expect(refusalOf(() => takeParts(1))).resolves.toMatchObject({
      reason: 'request_malformed',
      issues: [
        {
          path: 'partNumbers',
          message:
            'must be at most 0 entries long here: one request may contain at most 1000 parts',
        },
      ],
    })
  })

  it('are not used up by a request that was refused', () => {
    const takeParts = limitParts()
    expect(() => takeParts(1001)).toThrow(Refusal)
    expect(takeParts(1000)).toBeUndefined()
  })
})
