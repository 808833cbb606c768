// Covers client/upload.ts, client/rules.ts and client/errors.ts.
import { OssDirectError } from '../../client'
import type { UploadOptions, UploadProgress } from '../../client/types'
import { shareLocalCloud } from '../e2e/support/cloud'
import { issueToken } from '../support/token'
import { clientFor, errorOf, fileOf, recorder } from './support/client'

const cloud = shareLocalCloud()

describe('a file that its rule refuses', () => {
  const MiB = 1024 * 1024

  it.each<[string, number, string, UploadOptions]>([
    ['file_type_not_allowed', 5, 'text/plain', { rule: 'avatar' }],
    ['file_too_large', 5 * MiB + 1, 'image/png', { rule: 'avatar' }],
    ['mechanism_not_allowed', 5, 'image/png', { rule: 'avatar', mechanism: 'parts2' as 'parts' }],
    ['mechanism_not_allowed', 5, 'image/png', { rule: 'documents', mechanism: 'form' }],
    ['rule_not_found', 5, 'image/png', { rule: 'nothing' }],
    ['invalid_key', 5, 'image/png', { rule: 'avatar', filename: '' }],
    ['invalid_key', 5, 'image/png', { rule: 'media', filename: 'a/../b' }],
  ])('is refused with %s before its first byte', async (code, bytes, type, options) => {
    const { sent, transport } = recorder()
    const client = clientFor(cloud(), { transport, claims: { plan: 'pro' } })
    const upload = client.upload(fileOf(bytes, 'a.png', type), options)
    expect(await errorOf(upload.done)).toMatchObject({ code, retryable: false })
    // Names alone are judged by the functions.
    const isAsked = options.filename === 'a/../b'
    const others = sent.filter(({ body }) => body.operation !== 'rules')
    expect(others.map(({ path }) => path)).toEqual(isAsked ? ['/signed-url'] : [])
    expect(upload.progress).toEqual({
      ...{ sentBytes: 0, totalBytes: bytes, state: 'failed', isStalled: false },
    })
  })

  it('is one byte over the limit; the limit itself is stored', async () => {
    const file = fileOf(5 * MiB, 'a.png', 'image/png')
    const { done } = clientFor(cloud()).upload(file, { rule: 'avatar' })
    expect(await done).toMatchObject({ size: 5 * MiB, proven: true })
  })

  it('says why in a sentence', async () => {
    const { done } = clientFor(cloud()).upload(fileOf(5, 'a.txt', 'text/plain'), { rule: 'avatar' })
    const { message, name } = await errorOf(done)
    expect([name, message]).toEqual([
      'OssDirectError',
      'This rule allows the content types image/png, image/jpeg, image/webp; this file has text/plain.',
    ])
  })
})

describe('a rule that changes while it is kept', () => {
  it('is asked for again where the functions refuse what was allowed', async () => {
    let plan = 'pro'
    const { transport, operations } = recorder()
    const getToken = () => issueToken(cloud(), { sub: 'alice', claims: { plan } })
    const client = clientFor(cloud(), { transport, getToken })
    await client.rules()
    plan = 'free'
    const { done } = client.upload(fileOf(5, 'a.pdf', 'application/pdf'), { rule: 'documents' })
    expect(await errorOf(done)).toMatchObject({ code: 'rule_not_found' })
    expect(operations()).toEqual(['rules', 'put', 'rules'])
  })

  it('is asked for again before a file is refused', async () => {
    let plan = 'free'
    const { transport, operations } = recorder()
    const getToken = () => issueToken(cloud(), { sub: 'alice', claims: { plan } })
    const client = clientFor(cloud(), { transport, getToken })
    await client.rules()
    plan = 'pro'
    const { done } = client.upload(fileOf(5, 'a.pdf', 'application/pdf'), { rule: 'documents' })
    expect(await done).toMatchObject({ key: 'documents/alice/a.pdf', proven: true })
    expect(operations()).toEqual(['rules', 'rules', 'put', 'PUT'])
  })
})

describe('the transport of one upload', () => {
  it.each([
    ['put', ['put', 'PUT']],
    ['form', ['POST', 'POST']],
    ['parts', ['multipart', 'POST', 'multipart-parts', 'PUT', 'POST']],
  ] as const)('sends its requests by %s, and no others', async (mechanism, operations) => {
    const [all, own] = [recorder(), recorder()]
    const client = clientFor(cloud(), { transport: all.transport })
    const file = fileOf(5)
    const options = { rule: 'media', mechanism } as const
    const uploaded = await client.upload(file, { ...options, transport: own.transport }).done
    expect(uploaded.proven).toBe(true)
    expect([all.operations(), own.operations()]).toEqual([['rules'], operations])
    await client.upload(file, options).done
    expect(all.sent).toHaveLength(1 + operations.length)
    expect(own.sent).toHaveLength(operations.length)
    // The client knows the rule of the key, whichever way it was sent.
    expect(await client.download(uploaded.key)).toMatchObject({ key: uploaded.key })
  })
})

describe('the handle of an upload', () => {
  it('reports its progress in order, and says the same as a property', async () => {
    const seen: UploadProgress[] = []
    const upload = clientFor(cloud()).upload(fileOf(300_000), {
      rule: 'media',
      onProgress: (progress) => seen.push(progress),
    })
    expect(upload.progress.state).toBe('waiting')
    await upload.done
    expect(seen.map(({ state }) => state)).toEqual([
      ...seen.slice(0, -1).map(() => 'uploading'),
      'done',
    ])
    const sent = seen.map(({ sentBytes }) => sentBytes)
    expect(sent).toEqual([...sent].sort((a, b) => a - b))
    expect(sent.filter((bytes) => bytes > 0 && bytes < 300_000)).not.toEqual([])
    expect(upload.progress).toEqual(seen.at(-1))
  })

  it('cancels before the rules are known', async () => {
    const { transport, operations } = recorder()
    const upload = clientFor(cloud(), { transport }).upload(fileOf(5), { rule: 'media' })
    await upload.cancel()
    expect(await errorOf(upload.done)).toMatchObject({ code: 'cancelled', retryable: false })
    expect(upload.progress.state).toBe('cancelled')
    expect(operations()).toEqual(['rules'])
  })

  it('cancels in the middle of the file', async () => {
    const upload = clientFor(cloud()).upload(fileOf(2_000_000, 'cut.bin'), {
      rule: 'media',
      onProgress: ({ sentBytes }) => sentBytes > 0 && upload.cancel(),
    })
    expect(await errorOf(upload.done)).toMatchObject({ code: 'cancelled' })
  })

  it('cancels with the signal of the caller, whose reason is the cause', async () => {
    const reason = new Error('the page was left')
    const aborted = AbortSignal.abort(reason)
    const { done } = clientFor(cloud()).upload(fileOf(5), { rule: 'media', signal: aborted })
    expect(await errorOf(done)).toMatchObject({ code: 'cancelled', cause: reason })
  })

  it('stays as it ended, whatever is called then', async () => {
    const upload = clientFor(cloud()).upload(fileOf(5), { rule: 'media' })
    await upload.done
    upload.pause()
    upload.resume()
    await upload.cancel()
    expect(upload.progress.state).toBe('done')
    await expect(upload.done).resolves.toMatchObject({ proven: true })
  })

  it('needs nobody who awaits it', async () => {
    const upload = clientFor(cloud()).upload(fileOf(5), { rule: 'nothing' })
    while (upload.progress.state !== 'failed') await new Promise(setImmediate)
    expect(upload.progress.state).toBe('failed')
  })

  it('throws nothing at once for a file without a name', async () => {
    const { done } = clientFor(cloud()).upload(new Blob(['x']), { rule: 'media' })
    const error = await errorOf(done)
    expect(error).toBeInstanceOf(OssDirectError)
    expect(error.message).toBe('The file has no name: pass one as the option "filename".')
  })
})
