import type { ListOptions, Page } from '../../../client'
import { extensionOf, kindOf } from '../../../web/files/kinds'
import { createListing } from '../../../web/files/listing'
import { keep, keepAll, removals, removedCount, removeLater } from '../../../web/files/removals'

const KEY = 'media/alice/a.txt'

function toPage(names: string[], next?: string): Page {
  const files = names.map((name) => {
    return { key: name, name, size: 1, etag: '', lastModified: '2026-01-01T00:00:00.000Z' }
  })
  return { files, folders: [], ...(next && { next }) }
}

test('reads again as much as was shown, without the object that stands for the folder', async () => {
  const asked: (ListOptions | undefined)[] = []
  const many = Array.from({ length: 50 }, (_, index) => String(index))
  const list = async (_: string, options?: ListOptions) => {
    asked.push(options)
    return options?.after ? toPage(['50']) : toPage(['', ...many], 'more')
  }
  const listing = createListing({ list }, { rule: 'media', path: 'a/b' })
  await listing.load()
  await listing.more()
  expect(listing.listed.value.files.map(({ name }) => name)).toEqual([...many, '50'])
  await listing.load()
  expect(asked).toEqual([
    { limit: 50, path: 'a/b' },
    { limit: 50, path: 'a/b', after: 'more' },
    { limit: 51, path: 'a/b' },
  ])
})

test('keeps what is listed when a request fails, and forgets the answer that a later one overtook', async () => {
  const answers: ((page: Page | Error) => void)[] = []
  const list = () =>
    new Promise<Page>((resolve, reject) => {
      answers.push((page) => (page instanceof Error ? reject(page) : resolve(page)))
    })
  const listing = createListing({ list }, { rule: 'media', path: '' })
  const first = listing.load()
  const second = listing.load()
  answers[1]?.(toPage(['new']))
  await second
  answers[0]?.(toPage(['old']))
  await first
  expect(listing.listed.value).toMatchObject({ state: 'listed', files: [{ name: 'new' }] })
  const third = listing.load()
  answers[2]?.(new Error('down'))
  await third
  expect(listing.listed.value).toMatchObject({ state: 'failed', files: [{ name: 'new' }] })
})

test('tells kinds by the extension alone', () => {
  const names = ['a.PNG', 'b.tar.gz', '.png', 'png', 'c.mp4', 'notes.md', 'd.']
  expect(names.map(kindOf)).toEqual(['image', 'other', 'other', 'other', 'video', 'text', 'other'])
  expect(extensionOf('a.PNG')).toBe('png')
})

describe('a deletion', () => {
  const removed: string[] = []
  const oss = { remove: async (key: string) => void removed.push(key) }
  const isReplaced = () => false

  beforeEach(() => {
    jest.useFakeTimers()
    removed.length = 0
  })

  afterEach(() => jest.useRealTimers())

  test('is sent after five seconds and counted', async () => {
    const before = removedCount.value
    removeLater(oss, { key: KEY, rule: 'media', isReplaced })
    await jest.advanceTimersByTimeAsync(4999)
    expect([removed, removals.value.get(KEY)?.state]).toEqual([[], 'waiting'])
    await jest.advanceTimersByTimeAsync(1)
    expect([removed, removals.value.size]).toEqual([[KEY], 0])
    expect(removedCount.value).toBe(before + 1)
  })

  test('is not sent when it is taken back, the page is left, or the name was uploaded again', async () => {
    removeLater(oss, { key: KEY, rule: 'media', isReplaced })
    keep(KEY)
    removeLater(oss, { key: KEY, rule: 'media', isReplaced })
    keepAll()
    removeLater(oss, { key: KEY, rule: 'media', isReplaced: () => true })
    await jest.advanceTimersByTimeAsync(6000)
    expect([removed, removals.value.size]).toEqual([[], 0])
  })

  test('that failed says so until that is read', async () => {
    const error = new Error('down')
    const broken = { remove: () => Promise.reject(error) }
    removeLater(broken, { key: KEY, rule: 'media', isReplaced })
    await jest.advanceTimersByTimeAsync(5000)
    expect(removals.value.get(KEY)).toEqual({ state: 'failed', error })
    keep(KEY)
    expect(removals.value.size).toBe(0)
  })
})
