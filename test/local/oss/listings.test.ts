import { ask, shareBucket, textOf, textsOf } from './cloud'

const { cloud, put, get } = shareBucket()

describe('listings', () => {
  beforeAll(async () => {
    for (const key of ['l/a&b', 'l/b/1', 'l/b/2', 'l/报/1', 'l/😀', 'l/\uffee']) await put(key, 'x')
  })

  it('order by UTF-8 and escape', async () => {
    const { text } = await get('', { prefix: 'l/' })
    expect(textsOf(text, 'Key')).toEqual([
      'l/a&amp;b',
      'l/b/1',
      'l/b/2',
      'l/报/1',
      'l/\uffee',
      'l/😀',
    ])
    expect(textOf(text, 'DisplayName')).toBe(cloud().account.id)
  })

  it('encode names when asked to', async () => {
    const query = { prefix: 'l/报', delimiter: '/', 'encoding-type': 'url', 'list-type': '2' }
    const { text } = await get('', query)
    expect(textOf(text, 'EncodingType')).toBe('url')
    expect(textsOf(text, 'Prefix')).toEqual(['l%2F%E6%8A%A5', 'l%2F%E6%8A%A5%2F'])
    expect(textOf(text, 'Delimiter')).toBe('%2F')
  })

  it('name the owner in version 2 only when asked to', async () => {
    expect((await get('', { 'list-type': '2' })).text).not.toContain('<Owner>')
    expect((await get('', { 'list-type': '2', 'fetch-owner': 'true' })).text).toContain('<Owner>')
  })

  it.each([
    [{ 'max-keys': '1' }, 200],
    [{ 'max-keys': '1000' }, 200],
    [{ 'max-keys': '1001' }, 400],
    [{ 'max-keys': '0' }, 400],
    [{ 'max-keys': '-1' }, 400],
    [{ 'max-keys': 'abc' }, 400],
    [{ 'max-keys': 'NaN' }, 400],
    [{ 'encoding-type': 'base64' }, 400],
    [{ 'list-type': '3' }, 400],
    [{ 'list-type': '2', 'continuation-token': '%%%' }, 400],
    [{ 'list-type': '2', 'start-after': 'l/b' }, 200],
  ])('judge %j by %d', async (query, status) => {
    expect((await get('', query as Record<string, string>)).status).toBe(status)
  })
})

describe('ListMultipartUploads', () => {
  it('walks uploads by key and id, with prefix and delimiter', async () => {
    const ids: string[] = []
    for (const key of ['u/a', 'u/a', 'u/b/1', 'u/b/2', 'u/c']) {
      const begun = await ask(cloud(), { method: 'POST', key, query: { uploads: '' } })
      ids.push(textOf(begun.text, 'UploadId') ?? '')
    }
    const page = (query: Record<string, string>) => get('', { uploads: '', prefix: 'u/', ...query })
    const first = await page({ 'max-uploads': '1' })
    const seen = [textsOf(first.text, 'UploadId')]
    for (let text = first.text; textOf(text, 'IsTruncated') === 'true'; ) {
      const next = await page({
        'max-uploads': '1',
        'key-marker': textOf(text, 'NextKeyMarker') ?? '',
        'upload-id-marker': textOf(text, 'NextUploadIdMarker') ?? '',
      })
      text = next.text
      seen.push(textsOf(text, 'UploadId'))
    }
    expect(seen.flat().sort()).toEqual(ids.sort())
    const folded = await page({ delimiter: '/' })
    expect(textsOf(folded.text, 'Prefix')).toEqual(['u/', 'u/b/'])
    expect(textsOf(folded.text, 'Key')).toEqual(['u/a', 'u/a', 'u/c'])
    const cut = await page({ delimiter: '/', 'max-uploads': '3' })
    const rest = await page({
      delimiter: '/',
      'key-marker': textOf(cut.text, 'NextKeyMarker') ?? '',
    })
    expect([textsOf(rest.text, 'Prefix'), textsOf(rest.text, 'Key')]).toEqual([['u/'], ['u/c']])
  })
})
