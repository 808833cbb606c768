import { ownerClient, type UrlAnswer } from './support/client'
import { refused, send, shareLargeFiles, signed } from './support/large'

type ListAnswer = Pick<UrlAnswer, 'method' | 'url' | 'headers'> & { prefix: string }

const cloud = shareLargeFiles()
const KEYS = ['files/carol/a.txt', 'files/carol/b/deep.txt', 'files/carol/c & <d>/报告.txt']

beforeAll(async () => {
  const owner = ownerClient(cloud())
  for (const key of [...KEYS, 'files/carola/x.txt', 'files/dave/y.txt', 'whole/carol/z.txt']) {
    await owner.put(key, Buffer.from('x'))
  }
})

async function list(more: object = {}, sub = 'carol') {
  const answer = await signed<ListAnswer>(
    cloud(),
    { rule: 'files', operation: 'list', ...more },
    sub,
  )
  const { status, text } = await send(answer)
  expect(status).toBe(200)
  const names = (pattern: RegExp) => [...text.matchAll(pattern)].map(([, name]) => name)
  return {
    prefix: answer.prefix,
    files: names(/<Key>([^<]*)</g),
    folders: names(/<CommonPrefixes><Prefix>([^<]*)</g),
    next: names(/<NextContinuationToken>([^<]*)</g)[0],
  }
}

describe('a listing', () => {
  it("names the files and folders of the caller's own folder, and nobody else's", async () => {
    expect(await list()).toEqual({
      prefix: 'files/carol/',
      files: ['files/carol/a.txt'],
      folders: ['files/carol/b/', 'files/carol/c &amp; &lt;d&gt;/'],
    })
    expect(await list({}, 'erin')).toMatchObject({ files: [], folders: [] })
  })

  it('goes into a folder, by its name in any script', async () => {
    expect(await list({ path: 'b' })).toMatchObject({ files: ['files/carol/b/deep.txt'] })
    const odd = await list({ path: 'c & <d>' })
    expect(odd.files).toEqual(['files/carol/c &amp; &lt;d&gt;/报告.txt'])
  })

  it('goes on where the page before ended, until the last page', async () => {
    const names: unknown[] = []
    let after: string | undefined
    do {
      const page = await list({ limit: 1, ...(after && { after }) })
      names.push(...page.files, ...page.folders)
      after = page.next
    } while (after)
    expect(names).toHaveLength(3)
    expect(new Set(names).size).toBe(3)
  })

  it.each([
    ['prefix', /prefix=[^&]*/, 'prefix=files%2Fdave%2F'],
    ['page', /max-keys=\d+/, 'max-keys=1000'],
    ['delimiter', /delimiter=%2F&/, ''],
    ['marker', /$/, '&start-after=files%2Fcarol%2Fa'],
  ])('is bound to its %s', async (_, pattern, other) => {
    const answer = await signed<ListAnswer>(cloud(), { rule: 'files', operation: 'list' }, 'carol')
    const url = answer.url.replace(pattern, other)
    expect(url).not.toBe(answer.url)
    expect(await send({ ...answer, url })).toMatchObject({ status: 403 })
  })

  it.each([
    ['../dave', 'invalid_key'],
    ['/', 'invalid_key'],
    ['a//b', 'invalid_key'],
    ['b/', 'invalid_key'],
  ])('is refused for the path %j', async (path, code) => {
    expect(await refused(cloud(), { rule: 'files', operation: 'list', path })).toMatchObject({
      code,
    })
  })

  it.each([0, 1001, 1.5, '5'])('is refused for the limit %j', async (limit) => {
    const problem = await refused(cloud(), { rule: 'files', operation: 'list', limit })
    expect(problem.errors?.map(({ path }) => path)).toEqual(['limit'])
  })

  it('is refused where the rule does not say that there are any', async () => {
    const problem = await refused(cloud(), { rule: 'whole', operation: 'list' })
    expect(problem).toMatchObject({ status: 403, code: 'not_allowed' })
  })
})
