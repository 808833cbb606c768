import type { FaultRule } from '../../../local/oss/faults'
import type { OssEvents } from '../../../local/oss/trigger'
import type { Headers } from '../../../local/oss/wire'
import { until } from '../../support/until'
import { ask, BUCKET, NOW, post, ROOT, startCloud, textOf } from './support/cloud'
import { formV4 } from './support/sign'

describe('faults', () => {
  const rules: FaultRule[] = [
    { match: { key: 'busy' }, respond: 503, times: 2 },
    { match: { key: 'slow/*', method: 'GET' }, respond: { delayMs: 150 } },
    { match: { operation: 'DeleteObject' }, respond: 'reset' },
    { match: { key: 'cut', method: 'GET' }, respond: 'truncate' },
    { match: { operation: 'PostObject', bucket: BUCKET }, respond: 503 },
  ]

  it('strike by key, method, operation and bucket, as often as they are told to', async () => {
    const cloud = await startCloud({ faults: rules })
    const draft = { method: 'PUT', key: 'busy' }
    for (const status of [503, 503, 200]) {
      const reply = await ask(cloud, draft, 'x')
      expect([reply.status, reply.code]).toEqual([
        status,
        status === 503 ? 'ServiceUnavailable' : undefined,
      ])
    }
    await ask(cloud, { method: 'PUT', key: 'slow/a' }, 'x')
    const started = performance.now()
    expect((await ask(cloud, { method: 'GET', key: 'slow/a' })).text).toBe('x')
    expect(performance.now() - started).toBeGreaterThan(140)
    await expect(ask(cloud, { method: 'DELETE', key: 'busy' })).rejects.toThrow('ECONNRESET')
    await ask(cloud, { method: 'PUT', key: 'cut' }, 'x'.repeat(100))
    await expect(ask(cloud, { method: 'GET', key: 'cut' })).rejects.toThrow('aborted')
    expect((await post(cloud, [], { content: 'x' })).code).toBe('ServiceUnavailable')
    cloud.setFaults([{ match: {}, respond: 503, times: 1 }])
    expect((await ask(cloud, { method: 'GET', key: 'slow/a' })).status).toBe(503)
    expect((await ask(cloud, { method: 'GET', key: 'cut' })).body).toHaveLength(100)
    await cloud.close()
  })

  it('strike listings by their version, or both as ListObjects', async () => {
    const cloud = await startCloud()
    const list = async (query: Record<string, string>) =>
      (await ask(cloud, { method: 'GET', key: '', query })).status
    const both = async () => [await list({}), await list({ 'list-type': '2' })]
    const fail = (operation: string) => cloud.setFaults([{ match: { operation }, respond: 503 }])
    fail('ListObjectsV2')
    expect(await both()).toEqual([200, 503])
    expect(await list({ uploads: '', 'list-type': '2' })).toBe(200)
    fail('ListObjects')
    expect(await both()).toEqual([503, 503])
    await cloud.close()
  })

  it.each([
    [undefined, [503, 200]],
    ['clients', [503, 200]],
    ['functions', [200, 503]],
    ['all', [503, 503]],
  ] as const)('whose sender is %s leave the others alone', async (who, statuses) => {
    const isFunctionRequest = (headers: Headers) => headers['x-sent-by'] === 'function'
    const match = who === undefined ? {} : { who }
    const cloud = await startCloud({ isFunctionRequest, faults: [{ match, respond: 503 }] })
    const put = async (headers: Record<string, string>) =>
      (await ask(cloud, { method: 'PUT', key: 'a', headers }, 'x')).status
    expect([await put({}), await put({ 'x-sent-by': 'function' })]).toEqual(statuses)
    await cloud.close()
  })
})

describe('requests()', () => {
  it('tells what was received and why it was refused', async () => {
    const cloud = await startCloud()
    await ask(cloud, { method: 'PUT', key: 'a' }, 'x')
    await ask(cloud, { method: 'GET', key: 'b', query: { 'x-oss-security-token': 'hidden' } })
    const records = cloud.requests()
    expect(records).toMatchObject([
      {
        method: 'PUT',
        target: `/${BUCKET}/a`,
        operation: 'PutObject',
        who: ROOT.id,
        status: 200,
        receivedAt: NOW,
      },
      {
        operation: 'GetObject',
        status: 404,
        code: 'NoSuchKey',
        detail: 'The specified key does not exist.',
      },
    ])
    expect(records[0]?.requestId).toMatch(/^[0-9A-F]{24}$/)
    expect(JSON.stringify(records)).not.toContain('hidden')
    await cloud.close()
  })

  it('has each request by the time that its client has the answer', async () => {
    const cloud = await startCloud()
    await ask(cloud, { method: 'PUT', key: 'a' }, Buffer.alloc(100_000))
    for (let count = 2; count <= 100; count += 1) {
      await ask(cloud, { method: count % 2 ? 'GET' : 'HEAD', key: 'a' })
      expect([cloud.requests().length, cloud.log.length]).toEqual([count, count])
    }
    await cloud.close()
  })

  it.each<[FaultRule['respond'], string, number]>([
    [503, '503', 503],
    [{ delayMs: 5 }, 'delayMs 5', 200],
    ['reset', 'reset', 200],
    ['truncate', 'truncate', 200],
  ])('names the fault %j, beside what was done all the same', async (respond, fault, status) => {
    const cloud = await startCloud({ faults: [{ match: { method: 'PUT' }, respond }] })
    await ask(cloud, { method: 'PUT', key: 'a' }, 'x').catch(() => undefined)
    expect(cloud.requests()).toMatchObject([{ fault, status }])
    expect(cloud.log).toMatchObject([{ fault, status }])
    const isThere = status === 200 ? 200 : 404
    expect((await ask(cloud, { method: 'HEAD', key: 'a' })).status).toBe(isThere)
    expect(cloud.log.at(-1)).not.toHaveProperty('fault')
    await cloud.close()
  })

  it('keeps the last thousand', async () => {
    const { Recorder } = await import('../../../local/oss/recorder')
    const recorder = new Recorder()
    const record = {
      requestId: '',
      receivedAt: 0,
      method: 'GET',
      host: '',
      target: '',
      who: '',
      status: 200,
    }
    for (let i = 0; i < 3500; i += 1) recorder.add({ ...record, receivedAt: i })
    const kept = recorder.list()
    expect([kept.length, kept[0]?.receivedAt, kept.at(-1)?.receivedAt]).toEqual([1000, 2500, 3499])
  })
})

describe('the trigger', () => {
  it('offers every write, with the real shape of the event', async () => {
    const seen: OssEvents[] = []
    const cloud = await startCloud({
      onCreated: async (events) => {
        seen.push(events)
      },
    })
    const headers = { 'content-type': 'text/plain', 'x-oss-meta-a': 'b' }
    const put = await ask(cloud, { method: 'PUT', key: 'k', headers }, 'hello')
    await until(() => seen.length === 1)
    expect(seen[0]).toEqual({
      events: [
        {
          eventName: 'ObjectCreated:PutObject',
          eventSource: 'acs:oss',
          eventTime: new Date(NOW).toISOString(),
          eventVersion: '1.0',
          oss: {
            bucket: {
              arn: `acs:oss:cn-hangzhou:${cloud.account.id}:${BUCKET}`,
              name: BUCKET,
              ownerIdentity: cloud.account.id,
            },
            object: {
              deltaSize: 5,
              eTag: '5D41402ABC4B2A76B9719D911017C592',
              key: 'k',
              objectMeta: { mimeType: 'text/plain', userMeta: { 'x-oss-meta-a': 'b' } },
              size: 5,
            },
            ossSchemaVersion: '1.0',
            ruleId: 'local',
          },
          region: 'cn-hangzhou',
          requestParameters: { sourceIPAddress: '127.0.0.1' },
          responseElements: { requestId: put.headers['x-oss-request-id'] },
          userIdentity: { principalId: cloud.account.id },
        },
      ],
    })
    await ask(cloud, { method: 'PUT', key: 'k' }, 'he')
    const fields = formV4({ fields: [['key', 'f']], conditions: [{ bucket: BUCKET }] }, ROOT, NOW)
    await post(cloud, fields, { content: 'x' })
    const begun = await ask(cloud, { method: 'POST', key: 'm', query: { uploads: '' } })
    const uploadId = textOf(begun.text, 'UploadId') ?? ''
    await ask(cloud, { method: 'PUT', key: 'm', query: { uploadId, partNumber: '1' } }, 'x')
    const all = { 'x-oss-complete-all': 'yes' }
    await ask(cloud, { method: 'POST', key: 'm', query: { uploadId }, headers: all })
    await ask(cloud, { method: 'PUT', key: 'c', headers: { 'x-oss-copy-source': `/${BUCKET}/k` } })
    await ask(cloud, { method: 'POST', key: 'a', query: { append: '', position: '0' } }, 'x')
    await until(() => seen.length === 6)
    const names = seen.map(({ events }) => events[0]?.eventName.replace('ObjectCreated:', ''))
    expect(names).toEqual([
      'PutObject',
      'PutObject',
      'PostObject',
      'CompleteMultipartUpload',
      'CopyObject',
      'AppendObject',
    ])
    expect(seen[1]?.events[0]?.oss.object.deltaSize).toBe(-3)
    await ask(cloud, { method: 'GET', key: 'k' })
    await ask(cloud, { method: 'DELETE', key: 'k' })
    await ask(cloud, { method: 'PUT', key: 'last' }, 'x')
    await until(() => seen.length > 6)
    expect(seen.slice(6).map(({ events }) => events[0]?.oss.object.key)).toEqual(['last'])
    await cloud.close()
  })

  it('tries again after a failure and never delays the writer', async () => {
    let calls = 0
    const cloud = await startCloud({
      onCreated: async () => {
        calls += 1
        if (calls < 3) throw new Error('busy')
      },
    })
    expect((await ask(cloud, { method: 'PUT', key: 'k' }, 'x')).status).toBe(200)
    await until(() => calls === 3)
    expect(calls).toBe(3)
    await cloud.close()
  })
})
