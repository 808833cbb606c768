// Covers shared/signing/limits.ts and shared/signing/part-bytes.ts too.
import fc from 'fast-check'
import {
  partBytes,
  planParts,
  signAbort,
  signComplete,
  signInitiate,
  signLists,
  signParts,
  toPlan,
} from '../../shared/signing/multipart'
import { toPartBytes } from '../../shared/signing/part-bytes'
import type { OssTarget } from '../../shared/signing/target'
import { signUrl } from '../../shared/signing/url'
import { verifyV4Url } from './support/verifier'

const MiB = 1024 ** 2
const GiB = 1024 ** 3
const MAX = 5 * GiB * 10_000

const target: OssTarget = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  endpoint: 'https://oss-cn-hangzhou.aliyuncs.com',
  addressing: 'virtual-hosted',
}
const signer = {
  target,
  key: 'documents/alice/a b.bin',
  credentials: { accessKeyId: 'STS.a', accessKeySecret: 's', securityToken: 'tok/+=1' },
  expiresSeconds: 900,
  now: 1_700_000_000,
}
const TYPE = { 'content-type': 'application/octet-stream' }
const uploadId = '0004B9894A22E5B1888A1E29F8236E2D'
const secrets = {
  bucket: 'demo-bkt',
  region: 'cn-hangzhou',
  secret: 's',
  bucketing: 'virtual-hosted',
} as const

describe('planParts', () => {
  it.each([
    [0, 8 * MiB, 1],
    [1, 8 * MiB, 1],
    [8 * MiB, 8 * MiB, 1],
    [8 * MiB + 1, 8 * MiB, 2],
    [3 * GiB, 8 * MiB, 384],
    [8000 * MiB, 8 * MiB, 1000],
    [8000 * MiB + 1, 9 * MiB, 889],
    [5000 * GiB, 5 * GiB, 1000],
    [MAX, 5 * GiB, 10_000],
  ])('cuts %d bytes into parts of %d', (contentLength, partSize, partCount) => {
    expect(planParts(contentLength)).toEqual({ contentLength, partSize, partCount })
  })

  it.each([MAX + 1, -1, 1.5, Number.NaN])('throws for %d bytes', (contentLength) => {
    expect(() => planParts(contentLength)).toThrow(
      new RangeError(
        'The length of a multipart upload must be an integer within the limits of OSS',
      ),
    )
  })

  it('keeps every limit of OSS, and its parts make up the whole', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat().map((n) => n % (MAX + 1)),
        (contentLength) => {
          const plan = planParts(contentLength)
          const last = partBytes(plan, plan.partCount) ?? -1
          expect(plan.partCount).toBeLessThanOrEqual(10_000)
          expect(plan.partSize).toBeGreaterThanOrEqual(100 * 1024)
          expect(plan.partSize).toBeLessThanOrEqual(5 * GiB)
          expect(last).toBeGreaterThanOrEqual(Math.min(1, contentLength))
          expect(last).toBeLessThanOrEqual(plan.partSize)
          expect((plan.partCount - 1) * plan.partSize + last).toBe(contentLength)
        },
      ),
    )
  })
})

describe('partBytes', () => {
  const plan = toPlan(20, 8)

  it('gives each part its exact size', () => {
    expect([1, 2, 3].map((number) => partBytes(plan, number))).toEqual([8, 8, 4])
  })

  it.each([0, 4, -1, 1.5, Number.NaN])('knows no part %d', (number) => {
    expect(partBytes(plan, number)).toBeUndefined()
  })
})

describe('the plans of one rule', () => {
  const plansOf = (maxBytes: number, lengths: number[]) =>
    lengths.map((length) => toPlan(length, toPartBytes(maxBytes)))
  const largest = (plans: ReturnType<typeof toPlan>[]) =>
    Array.from({ length: Math.max(...plans.map(({ partCount }) => partCount)) }, (_, index) =>
      Math.max(...plans.map((plan) => partBytes(plan, index + 1) ?? 0)),
    ).reduce((sum, size) => sum + size, 0)

  it('come to no more than the longest of them, whichever parts are taken from each', () => {
    expect(largest(plansOf(8001 * MiB, [8000 * MiB, 8001 * MiB]))).toBe(8001 * MiB)
    const most = fc.integer({ min: 1, max: 100 * GiB })
    fc.assert(
      fc.property(most, fc.array(fc.nat(1e6), { minLength: 1, maxLength: 4 }), (maxBytes, some) => {
        const lengths = some.map((share) => Math.floor((maxBytes / 1e6) * share))
        expect(largest(plansOf(maxBytes, lengths))).toBe(Math.max(...lengths))
      }),
    )
  })
})

describe('signParts', () => {
  const plan = toPlan(20, 8)
  const parts = signParts({ ...signer, uploadId, plan, partNumbers: [3, 1] })

  it('binds each part to its number and its exact size', () => {
    expect(
      parts.map(({ partNumber, size, method, headers }) => ({ partNumber, size, method, headers })),
    ).toEqual([
      { partNumber: 3, size: 4, method: 'PUT', headers: { 'content-length': '4', ...TYPE } },
      { partNumber: 1, size: 8, method: 'PUT', headers: { 'content-length': '8', ...TYPE } },
    ])
    for (const { partNumber, url } of parts) {
      const query = new URL(url).searchParams
      expect(query.get('partNumber')).toBe(String(partNumber))
      expect(query.get('uploadId')).toBe(uploadId)
      expect(query.get('x-oss-additional-headers')).toBe('content-length')
    }
  })

  it('signs as an independent verifier expects, and nothing else', () => {
    for (const part of parts) {
      const size = (bytes: number) => ({
        ...part,
        headers: { ...part.headers, 'content-length': String(bytes) },
      })
      const { 'content-type': _, ...untyped } = part.headers
      expect(verifyV4Url(part, secrets)).toBe(true)
      expect(verifyV4Url({ ...part, headers: untyped }, secrets)).toBe(false)
      expect(verifyV4Url(size(part.size + 1), secrets)).toBe(false)
      const changed = [
        part.url.replace(/partNumber=\d/, 'partNumber=2'),
        part.url.replace(uploadId, uploadId.replace('0', '1')),
        part.url.replace('alice', 'bob'),
        `${part.url}&callback=a`,
      ]
      for (const url of changed) expect(verifyV4Url({ ...part, url }, secrets)).toBe(false)
      expect(verifyV4Url({ ...part, method: 'GET' }, secrets)).toBe(false)
    }
  })

  it('signs a part just as a lone URL would be', () => {
    const alone = signUrl({
      ...signer,
      method: 'PUT',
      query: { partNumber: '3', uploadId },
      headers: { 'content-length': '4', ...TYPE },
      additionalHeaders: ['content-length'],
    })
    expect(parts[0]?.url).toBe(alone.url)
  })

  it('encodes an upload id that no OSS would give', () => {
    const odd = "a b&c='d'"
    const [part] = signParts({ ...signer, uploadId: odd, plan, partNumbers: [1] })
    expect(new URL(part?.url ?? '').searchParams.get('uploadId')).toBe(odd)
    expect(part && verifyV4Url(part, secrets)).toBe(true)
  })

  it.each([0, 4, 1.5, Number.NaN])('throws for part %d, which is not in the plan', (number) => {
    expect(() => signParts({ ...signer, uploadId, plan, partNumbers: [number] })).toThrow(
      new RangeError(`This upload has no part ${number}`),
    )
  })
})

describe('the other requests of an upload', () => {
  it('begins it with the object headers', () => {
    const signed = signInitiate({ ...signer, headers: { 'content-type': 'image/png' } })
    expect(signed).toMatchObject({ method: 'POST', headers: { 'content-type': 'image/png' } })
    expect(signed.url).toMatch(/\?uploads&x-oss-credential=/)
    expect(verifyV4Url(signed, secrets)).toBe(true)
  })

  it.each([
    [1, [null]],
    [1000, [null]],
    [1001, [null, '1000']],
    [2000, [null, '1000']],
    [10_000, [null, ...Array.from({ length: 9 }, (_, index) => `${index + 1}000`)]],
  ])('lists a plan of %d parts from the markers %j', (partCount, markers) => {
    const lists = signLists({ ...signer, uploadId, partCount })
    const queries = lists.map(({ url }) => new URL(url).searchParams)
    expect(queries.map((query) => query.get('part-number-marker'))).toEqual(markers)
    expect(new Set(queries.map((query) => query.get('max-parts')))).toEqual(new Set(['1000']))
    for (const signed of lists) {
      expect([signed.method, verifyV4Url(signed, secrets)]).toEqual(['GET', true])
    }
  })

  it('completes it without a list of parts, with callback and write-once under signature', () => {
    const callback = { callback: 'eyJ9', callbackVar: 'eyJ4' }
    const signed = signComplete({ ...signer, uploadId, callback, overwrite: false })
    expect(signed.method).toBe('POST')
    const once = { 'x-oss-forbid-overwrite': 'true' }
    expect(signed.headers).toEqual({ ...TYPE, 'x-oss-complete-all': 'yes', ...once })
    expect(verifyV4Url(signed, secrets)).toBe(true)
    const others = [{ ...TYPE }, { ...once }].map((more) => ({
      'x-oss-complete-all': 'yes',
      ...more,
    }))
    for (const headers of others) expect(verifyV4Url({ ...signed, headers }, secrets)).toBe(false)
    const url = signed.url.replace('callback=eyJ9', 'callback=eyK9')
    expect(verifyV4Url({ ...signed, url }, secrets)).toBe(false)
  })

  it('completes it over an object that may be replaced', () => {
    const { headers } = signComplete({ ...signer, uploadId, overwrite: true })
    expect(headers).toEqual({ ...TYPE, 'x-oss-complete-all': 'yes' })
  })

  it('gives it up with DELETE', () => {
    const signed = signAbort({ ...signer, uploadId })
    expect([signed.method, new URL(signed.url).searchParams.get('uploadId')]).toEqual([
      'DELETE',
      uploadId,
    ])
    expect(verifyV4Url(signed, secrets)).toBe(true)
  })
})
