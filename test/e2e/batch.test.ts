import { titled } from '../support/titled'
import { type Problem, random, sendUrl, type UrlAnswer } from './support/client'
import { begin, type Parts, refused, shareLargeFiles, signed } from './support/large'

const GiB = 1024 ** 3

const cloud = shareLargeFiles()

describe('100 wishes in one request', () => {
  const put = { rule: 'clips', operation: 'put', filename: 'a.mp4', contentType: 'video/mp4' }

  it('each get their own verdict, in order', async () => {
    const requests = Array.from({ length: 100 }, (_, index) => ({ ...put, contentLength: index }))
    const { results } = await signed<{ results: (UrlAnswer & Problem)[] }>(cloud(), { requests })
    expect(results).toHaveLength(100)
    expect(results[0]).toMatchObject({ status: 403, code: 'file_too_small' })
    expect(results[5]).toMatchObject({ headers: { 'content-length': '5' } })
    expect(await sendUrl(results[5] as UrlAnswer, random(5))).toMatchObject({ status: 200 })
  })

  it('may mix whatever a single request may ask for', async () => {
    const requests = [
      { ...put, contentLength: 5 },
      { ...put, operation: 'multipart', contentLength: 5 },
      { operation: 'get', rule: 'clips', key: 'clips/bob/a.mp4' },
      null,
      { requests: [] },
    ]
    const { results } = await signed<{ results: Record<string, unknown>[] }>(cloud(), { requests })
    expect(results.map(({ code, partCount, method }) => code ?? partCount ?? method)).toEqual([
      'PUT',
      1,
      'not_allowed',
      'invalid_request',
      'invalid_request',
    ])
  })

  it('sign at most 1,000 parts, all of them together', async () => {
    const { ticket } = await begin(cloud(), 4 * GiB, { rule: 'videos' })
    const parts = (from: number, to: number) => {
      const partNumbers = Array.from({ length: to - from + 1 }, (_, index) => from + index)
      return { operation: 'multipart-parts', ticket, uploadId: 'A', partNumbers }
    }
    const { partNumbers, ...unnamed } = parts(1, 1)
    const requests = [
      ...[parts(1, 500), parts(1, 401), { ...put, contentLength: 5 }],
      ...[unnamed, parts(1, 99), parts(100, 100)],
    ]
    const { results } = await signed<{ results: (Parts & Problem)[] }>(cloud(), { requests })
    expect(results.map(({ code, parts }) => code ?? parts?.length)).toEqual([
      ...[500, 401, undefined],
      ...['invalid_request', 99, 'invalid_request'],
    ])
    expect(results[3]?.errors).toEqual([
      {
        path: 'partNumbers',
        message: 'must be at most 99 entries long here: one request may contain at most 1000 parts',
      },
    ])
  })

  it.each(titled([[], Array(101).fill({}), 'x', null, {}]))(
    'are refused as %s',
    async (_, requests) => {
      expect(await refused(cloud(), { requests })).toMatchObject({
        status: 400,
        code: 'invalid_request',
      })
    },
  )

  it('are refused with anything beside them', async () => {
    expect(await refused(cloud(), { requests: [put], rule: 'clips' })).toMatchObject({
      status: 400,
    })
  })
})
