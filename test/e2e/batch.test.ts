import { type Problem, random, sendUrl, type UrlAnswer } from './client'
import { refused, shareLargeFiles, signed } from './large'

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

  it.each([[[]], [Array(101).fill({})], ['x'], [null], [{}]])(
    'are refused as %.20j',
    async (requests) => {
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
