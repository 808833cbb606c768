// Covers client/downloads.ts, client/key-rules.ts and client/signed.ts.
import { shareLargeFiles } from '../e2e/support/large'
import { clientFor, errorOf, fileOf, recorder } from './support/client'

const cloud = shareLargeFiles()
const KEY = 'files/alice/a.txt'

beforeAll(async () => {
  await clientFor(cloud()).upload(fileOf(5, 'a.txt', 'text/plain'), { rule: 'files' }).done
})
afterEach(() => {
  jest.restoreAllMocks()
})

it('signs a URL that saves the file under a name', async () => {
  const options = { rule: 'files', as: 'attachment', downloadName: '报告.txt' } as const
  const { url, key, expiresAt } = await clientFor(cloud()).download(KEY, options)
  expect([key, Date.parse(expiresAt)]).toEqual([KEY, expect.any(Number)])
  const answer = await fetch(url)
  expect(await answer.text()).toBe('aaaaa')
  expect(answer.headers.get('content-disposition')).toContain('attachment')
})

it('needs the rule of keys that it did not upload or list', async () => {
  const client = clientFor(cloud())
  expect(await errorOf(client.download(KEY))).toMatchObject({ code: 'rule_required' })
  await client.list('files')
  expect(await client.download(KEY)).toMatchObject({ key: KEY })
  const { key } = await client.upload(fileOf(5, 'b.txt'), { rule: 'files' }).done
  expect(await client.download(key)).toMatchObject({ key })
})

it('says that a key is of somebody else', async () => {
  const error = await errorOf(clientFor(cloud()).download('files/bob/a.txt', { rule: 'files' }))
  expect(error).toMatchObject({ code: 'not_allowed', status: 403 })
})

describe('a preview', () => {
  it('is shown in the page where the rule allows that, and in a style of the rule', async () => {
    const client = clientFor(cloud())
    const film = new URL(await client.previewUrl('bound/alice/a.mp4', { rule: 'bound' }))
    expect(film.searchParams.get('response-content-disposition')).toContain('inline')
    const thumb = await client.previewUrl(KEY, { rule: 'files', process: 'style/thumb' })
    expect(new URL(thumb).searchParams.get('x-oss-process')).toBe('style/thumb')
  })

  it('has one URL for all who ask, until a minute before it ends', async () => {
    const { transport, sent } = recorder()
    const client = clientFor(cloud(), { transport })
    const preview = () => client.previewUrl(KEY, { rule: 'files' })
    const [first, second] = await Promise.all([preview(), preview()])
    expect(second).toBe(first)
    const { expiresAt } = await client.download(KEY, { rule: 'files' })
    const asked = sent.length
    const signedUntil = Date.parse(expiresAt)
    const now = jest.spyOn(Date, 'now')
    // A stable URL ends earlier than one of its own, by half a lifetime at most.
    now.mockReturnValue(signedUntil - 900_000 + 300_000)
    expect(await preview()).toBe(first)
    expect(sent).toHaveLength(asked)
    now.mockReturnValue(signedUntil - 59_000)
    await preview()
    expect(sent).toHaveLength(asked + 1)
  })

  it('comes for all others where one who asked too has left', async () => {
    const client = clientFor(cloud())
    const leaving = new AbortController()
    const options = { rule: 'files' }
    const left = client.previewUrl(KEY, { ...options, signal: leaving.signal })
    const stayed = client.previewUrl(KEY, options)
    const reason = new Error('left')
    leaving.abort(reason)
    await expect(left).rejects.toBe(reason)
    expect(await stayed).toContain(KEY)
  })

  it('is another for another style', async () => {
    const { transport, sent } = recorder()
    const client = clientFor(cloud(), { transport })
    await client.previewUrl(KEY, { rule: 'files' })
    await client.previewUrl(KEY, { rule: 'files', process: 'style/thumb' })
    expect(sent).toHaveLength(2)
  })
})
