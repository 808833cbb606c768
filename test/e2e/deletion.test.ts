// Covers shared/policy/permit-delete.ts.
import { ownerClient, type UrlAnswer } from './support/client'
import { refused, send, shareLargeFiles, signed } from './support/large'

const cloud = shareLargeFiles()

async function put(key: string): Promise<void> {
  await ownerClient(cloud()).put(key, Buffer.from('x'))
}

const statusOf = (key: string) =>
  ownerClient(cloud())
    .head(key)
    .then(
      () => 200,
      ({ status }: { status: number }) => status,
    )

describe('a deletion', () => {
  it('removes one own object, and can be repeated', async () => {
    const key = 'files/alice/a b & 报告.txt'
    await put(key)
    const wish = { rule: 'files', operation: 'delete', key }
    const answer = await signed<UrlAnswer>(cloud(), wish)
    expect(answer).toMatchObject({ method: 'DELETE', headers: {}, key })
    expect(await statusOf(key)).toBe(200)
    expect(await send(answer)).toMatchObject({ status: 204 })
    expect(await statusOf(key)).toBe(404)
    expect(await send(answer)).toMatchObject({ status: 204 })
  })

  it.each([
    ['files/bob/a.txt', 'not_allowed'],
    ['files/alice/../bob/a.txt', 'invalid_key'],
    ['videos/alice/a.mp4', 'not_allowed'],
  ])('is refused for %s', async (key, code) => {
    expect(await refused(cloud(), { rule: 'files', operation: 'delete', key })).toMatchObject({
      code,
    })
  })

  it('is refused where the rule does not say that there are any', async () => {
    const wish = { rule: 'videos', operation: 'delete', key: 'videos/alice/a.mp4' }
    expect(await refused(cloud(), wish)).toMatchObject({ status: 403, code: 'not_allowed' })
  })

  it('takes no ETag, which OSS would not hold it to', async () => {
    const wish = { rule: 'files', operation: 'delete', key: 'files/alice/a', etag: 'A' }
    const { errors } = await refused(cloud(), wish)
    expect(errors).toEqual([{ path: 'etag', message: 'is not known' }])
  })
})
