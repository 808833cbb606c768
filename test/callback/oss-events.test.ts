import { parseMissed, parseOssEvents } from '../../shared/callback/oss-events'

const event = {
  eventName: 'ObjectCreated:PutObject',
  eventSource: 'acs:oss',
  eventTime: '2023-11-14T22:13:20.000Z',
  eventVersion: '1.0',
  oss: {
    bucket: {
      arn: 'acs:oss:cn-hangzhou:1234567890123456:demo-bkt',
      name: 'demo-bkt',
      ownerIdentity: '1234567890123456',
    },
    object: {
      deltaSize: 5,
      eTag: '5D41402ABC4B2A76B9719D911017C592',
      key: 'avatars/alice/报告 1.png',
      objectMeta: { mimeType: 'image/png', userMeta: {} },
      size: 5,
    },
    ossSchemaVersion: '1.0',
    ruleId: 'avatars',
  },
  region: 'cn-hangzhou',
  requestParameters: { sourceIPAddress: '192.0.2.1' },
  responseElements: { requestId: '655F0B0C3D8E7B3335A5A5A5' },
  userIdentity: { principalId: '1234567890123456' },
}

it('reads what an OSS trigger delivers', () => {
  expect(parseOssEvents({ events: [event] })).toEqual([
    {
      bucket: 'demo-bkt',
      key: 'avatars/alice/报告 1.png',
      reported: {
        size: 5,
        etag: '5D41402ABC4B2A76B9719D911017C592',
        contentType: 'image/png',
        metadata: {},
      },
    },
  ])
})

it.each([
  ['no metadata', undefined],
  ['no type', {}],
])('reads an object of which OSS reports %s as of an empty type', (_, objectMeta) => {
  const oss = { ...event.oss, object: { ...event.oss.object, objectMeta } }
  expect(parseOssEvents({ events: [{ ...event, oss }] })).toMatchObject([
    { reported: { contentType: '' } },
  ])
})

const ENVELOPE = {
  specversion: '1.0',
  id: '45ef4dewdwe1-7c35-447a-bd93-fab****',
  source: 'acs.oss',
  type: 'oss:ObjectCreated:PutObject',
  subject: 'acs:oss:cn-hangzhou:1234567890123456:demo-bkt/avatars/alice/a.png',
  datacontenttype: 'application/json;charset=utf-8',
  aliyuneventbusname: 'default',
  time: '2023-11-14T22:13:20Z',
  data: event,
}

it('reads what EventBridge delivers as what the trigger of OSS does', () => {
  expect(parseOssEvents(ENVELOPE)).toEqual(parseOssEvents({ events: [event] }))
  const removed = { ...event, eventName: 'ObjectRemoved:DeleteObject' }
  expect(parseOssEvents({ ...ENVELOPE, data: removed })).toEqual([])
})

it.each([
  { ...ENVELOPE, source: 'acs.mns' },
  { ...ENVELOPE, specversion: '0.3' },
  { ...ENVELOPE, data: null },
  { ...ENVELOPE, data: { ...event, oss: {} } },
])('reads no other event of EventBridge: %j', (value) => {
  expect(parseOssEvents(value)).toBeUndefined()
})

it.each(['PutObject', 'PostObject', 'CompleteMultipartUpload', 'CopyObject', 'AppendObject'])(
  'takes uploads by %s',
  (name) => {
    const events = [{ ...event, eventName: `ObjectCreated:${name}` }]
    expect(parseOssEvents({ events })).toEqual(parseOssEvents({ events: [event] }))
  },
)

it.each(['ObjectCreated:UploadPart', 'ObjectRemoved:DeleteObject'])('leaves %s aside', (name) => {
  expect(parseOssEvents({ events: [{ ...event, eventName: name }] })).toEqual([])
})

it.each([undefined, null, [], {}, 'abc', { events: null }, { events: [{}] }])(
  'says that %j is no list of OSS events',
  (value) => {
    expect(parseOssEvents(value)).toBeUndefined()
  },
)

it.each<[string, unknown]>([
  ['size', '5'],
  ['size', -1],
  ['size', null],
  ['key', ''],
  ['key', ['a']],
  ['eTag', undefined],
])('refuses the %s %j', (name, value) => {
  const object = { ...event.oss.object, [name]: value }
  expect(parseOssEvents({ events: [{ ...event, oss: { ...event.oss, object } }] })).toBeUndefined()
})

it('refuses what another source sent', () => {
  expect(parseOssEvents({ events: [{ ...event, eventSource: 'acs:mns' }] })).toBeUndefined()
})

describe('the record of an invocation that failed for good', () => {
  const record = { requestContext: { condition: 'UnhandledInvocationError' } }

  it.each([
    ['text', JSON.stringify({ events: [event] })],
    ['JSON', { events: [event] }],
  ])('has the events of OSS as %s, and keeps all of them', (_, requestPayload) => {
    expect(parseMissed({ ...record, requestPayload })).toEqual({ events: [event] })
  })

  it.each([
    undefined,
    null,
    'abc',
    { triggerName: 'timer' },
    record,
    { ...record, requestPayload: 5 },
    { ...record, requestPayload: 'abc' },
    { ...record, requestPayload: '[]' },
    { ...record, requestPayload: '{}' },
    { ...record, requestPayload: { specversion: '1.0' } },
  ])('is not %j', (value) => {
    expect(parseMissed(value)).toBeUndefined()
  })
})
