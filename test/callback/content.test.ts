import { defineRules } from '../../shared/rules/rules'
import { BODY } from './support/example'
import { type Change, prove, proveByTrigger, requests, TICKET } from './support/prover'

const rules = defineRules({
  photo: { key: 'photos/{sub}/{path}', upload: { contentTypes: ['image/png'], sniff: true } },
})
const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489', 'hex')
const PROVEN = expect.objectContaining({ rule: 'photo' })

describe.each<[string, (change: Change) => Promise<unknown>]>([
  ['the callback', (change) => prove({ rules, ...change })],
  ['the trigger', (change) => proveByTrigger('photos/alice/1.png', { rules, ...change })],
])('the content that a rule has looked at, by %s', (_, outcomeOf) => {
  it('is proven when it is of its declared type, by its first bytes alone', async () => {
    expect(await outcomeOf({ start: PNG })).toEqual(PROVEN)
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET'])
    expect(requests[1]).toMatchObject({
      headers: { range: 'bytes=0-4099', 'if-match': `"${BODY.etag}"` },
      maxBytes: 4100,
    })
  })

  it('is refused as of another type when it is something else', async () => {
    expect(await outcomeOf({ start: Buffer.from('<script>') })).toBe('upload_type')
  })

  it.each([
    [404, 'object_mismatch'],
    [412, 'object_mismatch'],
    [403, 'object_unavailable'],
    [503, 'object_unavailable'],
  ])('is not proven when OSS answers %d', async (status, reason) => {
    expect(await outcomeOf({ start: PNG, startStatuses: [status] })).toBe(reason)
  })

  it('is not proven when no answer comes', async () => {
    expect(await outcomeOf({ start: new Error('No answer') })).toBe('object_unavailable')
  })

  it('is proven when OSS answers with the whole object', async () => {
    expect(await outcomeOf({ start: PNG, startStatuses: [200] })).toEqual(PROVEN)
  })

  it.each([500, 503])('is asked for once more after a %d, and only once', async (status) => {
    expect(await outcomeOf({ start: PNG, startStatuses: [status, 206] })).toEqual(PROVEN)
    expect(requests.map(({ method }) => method)).toEqual(['HEAD', 'GET', 'GET'])
    const failing = [status, status, 206] as const
    expect(await outcomeOf({ start: PNG, startStatuses: failing })).toBe('object_unavailable')
  })
})

it('is not read without sniff, nor where the file is empty', async () => {
  expect(await prove()).toEqual(PROVEN)
  expect(requests).toHaveLength(1)
  const empty = { head: { 'content-length': '0' }, body: { size: 0 }, rules }
  expect(await prove({ ...empty, ticket: { ...TICKET, minBytes: 0 } })).toBe('upload_type')
  expect(requests).toHaveLength(1)
})
