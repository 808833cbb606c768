import { ask, shareBucket, textOf, textsOf } from './support/cloud'

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

  it('begin behind a marker, a name or a token, and the token goes first', async () => {
    const keys = async (query: Record<string, string>) =>
      textsOf((await get('', { prefix: 'l/b', ...query })).text, 'Key')
    const token = Buffer.from('l/b/2').toString('base64')
    expect(await keys({})).toEqual(['l/b/1', 'l/b/2'])
    expect(await keys({ marker: 'l/b/1' })).toEqual(['l/b/2'])
    const v2 = { 'list-type': '2', 'start-after': 'l/b/1' }
    expect(await keys(v2)).toEqual(['l/b/2'])
    expect(await keys({ ...v2, 'continuation-token': token })).toEqual([])
  })

  it('have at most 100 keys when nobody says how many', async () => {
    for (let i = 0; i < 101; i += 1) await put(`h/${i}`, '')
    for (const query of [{}, { 'list-type': '2' }]) {
      const { text } = await get('', { prefix: 'h/', ...query })
      expect([textsOf(text, 'Key').length, textOf(text, 'MaxKeys')]).toEqual([100, '100'])
      expect(textOf(text, 'IsTruncated')).toBe('true')
    }
  })

  it.each(['prefix', 'marker', 'delimiter', 'start-after'])(
    'take a %s of 1023 bytes and no longer one',
    async (name) => {
      const list = (value: string) =>
        get('', { 'list-type': name === 'marker' ? '1' : '2', [name]: value })
      expect((await list('n'.repeat(1023))).status).toBe(200)
      const reply = await list('n'.repeat(1024))
      expect([reply.status, reply.code]).toEqual([400, 'InvalidArgument'])
    },
  )

  it('take the token of a name of 1023 bytes', async () => {
    const list = (bytes: number) => {
      const token = Buffer.alloc(bytes, 'n').toString('base64')
      return get('', { 'list-type': '2', 'continuation-token': token })
    }
    expect((await list(1023)).status).toBe(200)
    expect((await list(1024)).code).toBe('InvalidArgument')
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
    [{ uploads: '', 'max-uploads': '1000' }, 200],
    [{ uploads: '', 'max-uploads': '1001' }, 400],
    [{ uploads: '', 'max-uploads': '0' }, 400],
    [{ uploads: '', 'encoding-type': 'base64' }, 400],
  ])('judge %j by %d', async (query, status) => {
    const reply = await get('', query as Record<string, string>)
    const code = status === 400 ? 'InvalidArgument' : undefined
    expect([reply.status, reply.code]).toEqual([status, code])
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

  it('names the last upload as the next markers, also on the last page', async () => {
    const begin = async (key: string) => {
      const begun = await ask(cloud(), { method: 'POST', key, query: { uploads: '' } })
      return textOf(begun.text, 'UploadId') ?? ''
    }
    const [, last] = [await begin('m/a b'), await begin('m/z/1')]
    const markers = async (query: Record<string, string>) => {
      const { text } = await get('', { uploads: '', 'encoding-type': 'url', ...query })
      const names = ['IsTruncated', 'NextKeyMarker', 'NextUploadIdMarker']
      return names.map((name) => textOf(text, name))
    }
    expect(await markers({ prefix: 'm/' })).toEqual(['false', 'm%2Fz%2F1', last])
    expect(await markers({ prefix: 'm/', delimiter: '/' })).toEqual(['false', 'm%2Fz%2F1', last])
    expect(await markers({ prefix: 'm/none' })).toEqual(['false', '', ''])
  })
})
