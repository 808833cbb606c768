import { ownerClient } from '../e2e/support/client'
import { shareLargeFiles } from '../e2e/support/large'
import { clientFor, errorOf, fileOf } from './support/client'

const cloud = shareLargeFiles()
const NAMES = ['a.txt', 'b/deep.txt', 'b/d/deeper.txt', 'c & <d>/报告 "1\'.txt', 'e;f.txt']

beforeAll(async () => {
  const owner = ownerClient(cloud())
  for (const name of NAMES) await owner.put(`files/carol/${name}`, Buffer.from('x'))
  await owner.put('files/carola/other.txt', Buffer.from('x'))
})

const client = () => clientFor(cloud(), { sub: 'carol' })

it('lists the own folder: files, and folders by the path that lists them', async () => {
  expect(await client().list('files')).toEqual({
    files: [
      {
        key: 'files/carol/a.txt',
        name: 'a.txt',
        size: 1,
        etag: '9DD4E461268C8034F5C8564E155C67A6',
        lastModified: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:]{8}\.000Z$/),
      },
      expect.objectContaining({ name: 'e;f.txt' }),
    ],
    folders: ['b', 'c & <d>'],
  })
})

it('goes into folders by their paths, in any script', async () => {
  expect(await client().list('files', { path: 'b' })).toMatchObject({
    files: [{ key: 'files/carol/b/deep.txt', name: 'deep.txt' }],
    folders: ['b/d'],
  })
  expect(await client().list('files', { path: 'b/d' })).toMatchObject({
    files: [{ name: 'deeper.txt' }],
    folders: [],
  })
  const odd = await client().list('files', { path: 'c & <d>' })
  expect(odd.files.map(({ name }) => name)).toEqual(['报告 "1\'.txt'])
})

it('lists page by page, and all pages in turn', async () => {
  const first = await client().list('files', { limit: 1 })
  expect(first.next).toEqual(expect.any(String))
  const after = first.next ?? ''
  const second = await client().list('files', { limit: 1, after })
  expect(second).not.toEqual(first)
  const found: string[] = []
  for await (const { files, folders } of client().pages('files', { limit: 1 })) {
    found.push(...files.map(({ name }) => name), ...folders)
  }
  expect(found.sort()).toEqual(['a.txt', 'b', 'c & <d>', 'e;f.txt'])
  const rest: string[] = []
  for await (const page of client().pages('files', { after })) rest.push(...page.folders)
  expect(rest).toEqual(['b', 'c & <d>'])
})

it('lists an empty folder', async () => {
  expect(await clientFor(cloud(), { sub: 'erin' }).list('files')).toEqual({
    files: [],
    folders: [],
  })
})

it('says that a rule has no listings', async () => {
  const error = await errorOf(client().list('videos'))
  expect(error).toMatchObject({ code: 'not_allowed', status: 403, retryable: false })
})

it('removes own files, which it has listed, and tells nobody of files that are not there', async () => {
  const carol = client()
  await carol.upload(fileOf(3, 'old.txt'), { rule: 'files' }).done
  const list = async () => (await carol.list('files')).files.map(({ name }) => name)
  expect(await list()).toContain('old.txt')
  await carol.remove('files/carol/old.txt')
  expect(await list()).not.toContain('old.txt')
  await carol.remove('files/carol/old.txt')
})

it('removes nothing of others', async () => {
  const error = await errorOf(client().remove('files/carola/other.txt', { rule: 'files' }))
  expect(error).toMatchObject({ code: 'not_allowed' })
})

it('ends with the signal of the caller', async () => {
  const reason = new Error('left')
  await expect(client().list('files', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
})
