// Covers shared/urls/context.ts too.
import { encodedCallback } from '../../shared/callback/parameter'
import { verifyTicket } from '../../shared/policy/signed-ticket'
import type { DownloadRequest, PutRequest } from '../../shared/rules/requests'
import { signUrlV1 } from '../../shared/signing/sign-v1'
import { signUrl, type UrlInput } from '../../shared/signing/url'
import type { UrlContext } from '../../shared/urls/context'
import { signDelete, signDownload, signPut } from '../../shared/urls/object'
import { ALICE, CONTEXT, KEYS, NOW } from './support/example'

const PUT: PutRequest = {
  operation: 'put',
  rule: 'notes',
  filename: 'a/b.txt',
  contentType: 'text/plain',
  contentLength: 5,
}
const GET: DownloadRequest = { operation: 'get', rule: 'notes', key: 'notes/alice/a/b.txt' }

function put(change: Partial<PutRequest> = {}, context: Partial<UrlContext> = {}) {
  return signPut(ALICE, { ...PUT, ...change }, { ...CONTEXT, ...context })
}

function get(change: Partial<DownloadRequest> = {}, context: Partial<UrlContext> = {}) {
  return signDownload(ALICE, { ...GET, ...change }, { ...CONTEXT, ...context })
}

/** What a URL asks OSS for beside its signature. */
async function asked(change: Partial<DownloadRequest>): Promise<Record<string, string>> {
  const { url } = await get(change)
  const entries = [...new URL(url).searchParams].filter(
    ([name]) => !/^x-oss-(?!process)/.test(name),
  )
  return Object.fromEntries(entries)
}

const INPUT: UrlInput = {
  method: 'GET',
  target: CONTEXT.target,
  key: 'notes/alice/a/b.txt',
  query: { 'response-content-disposition': 'inline; filename="b.txt"' },
  credentials: CONTEXT.credentials,
  now: NOW,
  expiresSeconds: 300,
}

describe('the URL that puts an object', () => {
  function ticketOf(url: string) {
    const callbackVar = new URL(url).searchParams.get('callback-var') ?? ''
    return JSON.parse(Buffer.from(callbackVar, 'base64').toString())['x:ticket'] as string
  }

  it('carries the callback, and signs all that the rule fixes', async () => {
    const signed = await put()
    const { callback, callbackVar } = encodedCallback({
      url: CONTEXT.callbackUrl,
      ticket: ticketOf(signed.url),
    })
    const expected = signUrl({
      ...INPUT,
      method: 'PUT',
      expiresSeconds: 600,
      query: { callback, 'callback-var': callbackVar },
      headers: {
        'content-type': 'text/plain',
        'content-length': '5',
        'cache-control': 'no-cache',
        'x-oss-object-acl': 'private',
        'x-oss-storage-class': 'Standard',
        'x-oss-forbid-overwrite': 'true',
      },
      additionalHeaders: ['cache-control', 'content-length'],
    })
    expect(signed).toEqual({
      ...expected,
      key: 'notes/alice/a/b.txt',
      expiresAt: '2023-11-14T22:23:20Z',
    })
  })

  it('carries a ticket for this upload alone, signed with the first secret', async () => {
    const text = ticketOf((await put()).url)
    const options = { ...KEYS, secrets: KEYS.secrets.slice(0, 1), now: NOW, use: ['url' as const] }
    expect(verifyTicket(text, options)).toEqual({
      id: '0b7c1c7e-3d0e-4c57-9a30-5b8a8f0f3a11',
      use: 'url',
      rule: 'notes',
      sub: 'alice',
      bucket: 'demo-bkt',
      key: 'notes/alice/a/b.txt',
      minBytes: 5,
      maxBytes: 5,
      contentTypes: ['text/plain'],
      issuedAt: NOW,
      expiresAt: NOW + 600 + 21_600,
    })
  })

  it('is of version 1 where the settings say so', async () => {
    const { url } = await put({}, { signatureVersion: 'v1' })
    expect(url).toMatch(/[?&]OSSAccessKeyId=STS\.a&/)
    expect(url).toContain(`Expires=${NOW + 600}`)
    expect(url).not.toContain('x-oss-signature')
  })

  it('is refused for what the rule refuses', async () => {
    await expect(put({ contentType: 'image/png' })).rejects.toMatchObject({
      reason: 'file_type_not_allowed',
    })
    await expect(put({ contentLength: 101 })).rejects.toMatchObject({ reason: 'file_too_large' })
  })
})

describe('the URL that gets an object', () => {
  it('asks for the object under its name, shown where browsers run nothing of it', async () => {
    const expected = { ...signUrl(INPUT), key: GET.key, expiresAt: '2023-11-14T22:18:20Z' }
    expect(await get()).toEqual(expected)
    const expectedV1 = { ...signUrlV1(INPUT), key: GET.key, expiresAt: '2023-11-14T22:18:20Z' }
    expect(await get({}, { signatureVersion: 'v1' })).toEqual(expectedV1)
  })

  it('names the file where the caller says how it is taken', async () => {
    expect(await asked({ as: 'inline' })).toEqual({
      'response-content-disposition': 'inline; filename="b.txt"',
    })
    expect(await asked({ as: 'attachment', downloadName: 'c.txt' })).toEqual({
      'response-content-disposition': 'attachment; filename="c.txt"',
    })
    expect(await asked({ downloadName: 'c.txt' })).toEqual({
      'response-content-disposition': 'attachment; filename="c.txt"',
    })
  })

  it('makes a file of what a browser could run, whatever the caller asks for', async () => {
    const pages = { rule: 'pages', key: 'pages/alice/a.html' }
    expect(await asked(pages)).toEqual({
      'response-content-disposition': 'attachment; filename="a.html"',
    })
    expect(await asked({ ...pages, as: 'inline' })).toEqual({
      'response-content-disposition': 'attachment; filename="a.html"',
    })
    expect(await asked({ rule: 'windows', key: 'windows/alice/a.txt' })).toEqual({
      'response-content-disposition': 'inline; filename="a.txt"',
    })
    expect(await asked({ rule: 'readable', key: 'readable/alice/a' })).toEqual({
      'response-content-disposition': 'attachment; filename="a"',
    })
  })

  it('asks for an image style', async () => {
    expect(await asked({ process: 'style/thumb' })).toMatchObject({
      'x-oss-process': 'style/thumb',
    })
  })

  it('stays the same for half its life where the caller asks for that', async () => {
    const signed = await get({ stable: true }, { now: 1_700_000_099 })
    expect(await get({ stable: true }, { now: 1_699_999_950 })).toEqual(signed)
    expect(signed).toEqual({
      ...signUrl({ ...INPUT, now: 1_699_999_950 }),
      key: GET.key,
      expiresAt: '2023-11-14T22:17:30Z',
    })
    expect(await get({}, { now: 1_700_000_099 })).not.toEqual(signed)
  })
})

it('heads an object without overrides, which OSS takes from no HEAD', async () => {
  const expected = { ...signUrl({ ...INPUT, method: 'HEAD', query: {} }), key: GET.key }
  expect(await get({ operation: 'head' })).toMatchObject(expected)
  const { url } = await get({ operation: 'head', rule: 'pages', key: 'pages/alice/a.html' })
  expect(url).not.toContain('response-')
})

it('deletes one own object, and nothing where the rule does not say so', async () => {
  const request = { operation: 'delete' as const, rule: 'folders', key: 'folders/alice/a.txt' }
  const { key } = request
  const { query: _, ...input } = INPUT
  expect(await signDelete(ALICE, request, CONTEXT)).toEqual({
    ...signUrl({ ...input, method: 'DELETE', key, expiresSeconds: 60 }),
    key,
    expiresAt: '2023-11-14T22:14:20Z',
  })
  const others = { ...request, key: 'folders/bob/a.txt' }
  await expect(signDelete(ALICE, others, CONTEXT)).rejects.toMatchObject({
    reason: 'key_outside_prefix',
  })
  const fixed = { ...request, rule: 'notes', key: 'notes/alice/a.txt' }
  await expect(signDelete(ALICE, fixed, CONTEXT)).rejects.toMatchObject({
    reason: 'operation_not_allowed',
  })
})

it('is for the bucket of the rule, where it names one', async () => {
  const rule = 'elsewhere'
  const { url } = await put({ rule, contentType: 'a/b' })
  const got = await get({ rule, key: 'elsewhere/alice/a/b.txt' })
  for (const each of [url, got.url]) {
    expect(new URL(each).host).toBe('other-bkt.oss-cn-hangzhou.aliyuncs.com')
  }
  expect((await put({ rule, contentType: 'a/b' })).headers).toEqual({
    'content-type': 'a/b',
    'content-length': '5',
    'x-oss-object-acl': 'private',
    'x-oss-storage-class': 'Standard',
  })
})
