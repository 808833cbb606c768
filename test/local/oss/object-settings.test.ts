import { createHash } from 'node:crypto'
import { ask, shareBucket, textOf, textsOf } from './support/cloud'
import { outcome } from './support/schemes'

const { cloud, put, get } = shareBucket()

describe('DeleteMultipleObjects', () => {
  const remove = (
    keys: string[],
    inside = '',
    query: Record<string, string> = {},
    more: Record<string, string> = {},
  ) => {
    const objects = keys.map((key) => `<Object><Key>${key}</Key></Object>`)
    const body = `<?xml version="1.0"?>\n<Delete>\n${inside}${objects.join('\n')}</Delete>`
    const headers = { 'content-md5': createHash('md5').update(body).digest('base64'), ...more }
    return ask(cloud(), { method: 'POST', key: '', query: { delete: '', ...query }, headers }, body)
  }

  it('deletes what is there and reports what was asked', async () => {
    for (const key of ['e/1', 'e/ 2 ', 'e/&3']) await put(key, 'x')
    const reply = await remove(['e/1', 'e/ 2 ', 'e/&amp;3', 'e/nothing'], '<Quiet>false</Quiet>')
    expect(textsOf(reply.text, 'Key')).toEqual(['e/1', 'e/ 2 ', 'e/&amp;3', 'e/nothing'])
    expect(textsOf((await get('', { prefix: 'e/' })).text, 'Key')).toEqual([])
  })

  it('says nothing when asked to be quiet, and encodes when asked to', async () => {
    expect((await remove(['d/1'], '<Quiet>true</Quiet>')).text).toBe('')
    const encoded = '<Key>d%2F%E6%8A%A5</Key>'
    const inQuery = await remove(['d/报'], '', { 'encoding-type': 'url' })
    const inHeader = await remove(['d/报'], '', {}, { 'encoding-type': 'url' })
    for (const { text } of [inQuery, inHeader]) {
      expect([text.includes(encoded), textOf(text, 'EncodingType')]).toEqual([true, 'url'])
    }
    const other = await remove(['d/报'], '', {}, { 'encoding-type': 'base64' })
    expect(outcome(other)).toEqual([400, 'InvalidArgument', undefined])
  })

  it('takes control characters in keys, as they are and by reference', async () => {
    const controls = Array.from({ length: 31 }, (_, i) => i + 1)
    for (const code of controls) await put(`d/c${String.fromCharCode(code)}`, 'x')
    const rest = async () => textsOf((await get('', { prefix: 'd/c' })).text, 'Key').length
    expect(await rest()).toBe(31)
    const [half, other] = [controls.slice(0, 15), controls.slice(15)]
    const hex = (code: number) => `&#x${code.toString(16).padStart(2, '0')};`
    const header = { 'encoding-type': 'url' }
    const reply = await remove(
      half.map((code) => `d/c${hex(code)}`).concat('d/c&#31;'),
      '',
      {},
      header,
    )
    expect(reply.text).toContain('<Key>d%2Fc%01</Key>')
    expect(await rest()).toBe(15)
    const raw = other.map((code) => `d/c${String.fromCharCode(code)}`)
    expect((await remove(raw, '', {}, header)).status).toBe(200)
    expect(await rest()).toBe(0)
  })

  it('deletes nothing when it is to delete a version', async () => {
    await put('d/1', 'x')
    const version = '<Object><Key>d/2</Key><VersionId>CAEQ</VersionId></Object>'
    const body = `<Delete><Object><Key>d/1</Key></Object>${version}</Delete>`
    const reply = await ask(cloud(), { method: 'POST', key: '', query: { delete: '' } }, body)
    expect(outcome(reply)).toEqual([501, 'NotImplemented', undefined])
    expect(reply.message).toBe('Versioning (VersionId) is not implemented.')
    expect((await get('d/1')).status).toBe(200)
  })

  it.each([
    ['1000 keys', Array.from({ length: 1000 }, (_, i) => `k${i}`), 200],
    ['1001 keys', Array.from({ length: 1001 }, (_, i) => `k${i}`), 400],
    ['no key', [], 400],
    ['an empty key', [''], 400],
  ])('judges %s', async (_, keys, status) => {
    expect((await remove(keys)).status).toBe(status)
  })

  it.each(['&nbsp;', '&#0;', '&#xD800;', '&#x110000;', '&constructor;'])(
    'refuses the reference %s, which XML does not have',
    async (reference) => {
      await put('d/', 'x')
      const body = `<Delete><Object><Key>d/${reference}</Key></Object></Delete>`
      const reply = await ask(cloud(), { method: 'POST', key: '', query: { delete: '' } }, body)
      expect(outcome(reply)).toEqual([400, 'MalformedXML', '0016-00000608'])
      expect((await get('d/')).status).toBe(200)
    },
  )

  it('needs its own root', async () => {
    const reply = await ask(
      cloud(),
      { method: 'POST', key: '', query: { delete: '' } },
      '<Remove/>',
    )
    expect([reply.status, reply.code, reply.ec]).toEqual([400, 'MalformedXML', '0016-00000608'])
  })
})

describe('tags', () => {
  const query = { tagging: '' }
  const set = (tags: [string, string][]) => {
    const list = tags.map(([key, value]) => `<Tag><Key>${key}</Key><Value>${value}</Value></Tag>`)
    const body = `<Tagging><TagSet>${list.join('')}</TagSet></Tagging>`
    return ask(cloud(), { method: 'PUT', key: 'tagged', query }, body)
  }
  beforeEach(() => put('tagged', 'x', { 'x-oss-tagging': 'a=1&b%20c=%2B' }))

  it('come with the object and can be replaced and removed', async () => {
    expect(textsOf((await get('tagged', query)).text, 'Key')).toEqual(['a', 'b c'])
    expect((await get('tagged')).headers['x-oss-tagging-count']).toBe('2')
    expect((await set([['k', 'v']])).status).toBe(200)
    expect(textsOf((await get('tagged', query)).text, 'Value')).toEqual(['v'])
    expect((await ask(cloud(), { method: 'DELETE', key: 'tagged', query })).status).toBe(204)
    expect((await get('tagged', query)).text).toContain('<TagSet></TagSet>')
    expect((await get('absent', query)).code).toBe('NoSuchKey')
  })

  it.each([
    ['ten', Array.from({ length: 10 }, (_, i): [string, string] => [`k${i}`, 'v']), 200],
    ['eleven', Array.from({ length: 11 }, (_, i): [string, string] => [`k${i}`, 'v']), 400],
    [
      'two of one name',
      [
        ['k', 'v'],
        ['k', 'w'],
      ],
      400,
    ],
    ['a key of 128', [['k'.repeat(128), '']], 200],
    ['a key of 129', [['k'.repeat(129), '']], 400],
    ['a value of 256', [['k', 'v'.repeat(256)]], 200],
    ['a value of 257', [['k', 'v'.repeat(257)]], 400],
    ['an odd character', [['k', '{}']], 400],
  ] as [string, [string, string][], number][])('are judged: %s', async (_, tags, status) => {
    const reply = await set(tags)
    expect([reply.status, reply.code]).toEqual([
      status,
      status === 400 ? 'InvalidArgument' : undefined,
    ])
  })
})

describe('ACLs', () => {
  it('are shown as they were set', async () => {
    await put('acl', 'x', { 'x-oss-object-acl': 'private' })
    expect(textOf((await get('acl', { acl: '' })).text, 'Grant')).toBe('private')
    const headers = { 'x-oss-object-acl': 'public-read-write' }
    await ask(cloud(), { method: 'PUT', key: 'acl', query: { acl: '' }, headers })
    const shown = await get('acl', { acl: '' })
    expect([textOf(shown.text, 'Grant'), textOf(shown.text, 'ID')]).toEqual([
      'public-read-write',
      cloud().account.id,
    ])
    expect(textOf((await get('', { acl: '' })).text, 'Grant')).toBe('private')
  })

  it('of an object mean those of its bucket where the header is empty', async () => {
    const headers = { 'x-oss-object-acl': '' }
    expect((await put('empty acl', 'x', headers)).status).toBe(200)
    const grant = async () => textOf((await get('empty acl', { acl: '' })).text, 'Grant')
    expect(await grant()).toBe('default')
    await put('empty acl', 'x', { 'x-oss-object-acl': 'private' })
    const set = { method: 'PUT', key: 'empty acl', query: { acl: '' }, headers }
    expect((await ask(cloud(), set)).status).toBe(200)
    expect(await grant()).toBe('default')
  })

  it.each([
    ['PUT', 'acl', { acl: '' }, { 'x-oss-object-acl': 'secret' }, 'InvalidArgument'],
    ['PUT', 'acl', { acl: '' }, {}, 'MissingArgument'],
    ['PUT', '', { acl: '' }, { 'x-oss-acl': '' }, 'InvalidArgument'],
    ['PUT', '', { acl: '' }, { 'x-oss-acl': 'default' }, 'InvalidArgument'],
    ['PUT', '', { acl: '' }, {}, 'MissingArgument'],
    ['PUT', 'new', {}, { 'x-oss-object-acl': 'secret' }, 'InvalidArgument'],
    ['PUT', 'new', {}, { 'x-oss-storage-class': 'Cheap' }, 'InvalidArgument'],
  ] as [string, string, Record<string, string>, Record<string, string>, string][])(
    'are refused: %s %j %j %j',
    async (method, key, query, headers, code) => {
      const reply = await ask(cloud(), { method, key, query, headers })
      const ec = code === 'MissingArgument' ? '0016-00000502' : undefined
      expect([reply.status, reply.code, reply.ec]).toEqual([400, code, ec])
    },
  )
})
