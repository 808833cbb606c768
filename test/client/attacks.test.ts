// Covers client/api.ts and client/parts/kept.ts: where tokens go, and what other callers and hostile names do.
import type { OssDirect } from '../../client'
import { createApi } from '../../client/api'
import { fetchTransport } from '../../client/transports/fetch'
import type { SendRequest, Transport } from '../../client/types'
import { shareLargeFiles } from '../e2e/support/large'
import { issueToken } from '../support/token'
import { clientFor, errorOf, fileOf } from './support/client'
import { KIB, leaveUnfinished, memory, randomFile } from './support/parts'

const cloud = shareLargeFiles()

it('sends the token to the functions alone, and keeps none', async () => {
  const token = await issueToken(cloud(), { sub: 'alice' })
  const sent: SendRequest[] = []
  const transport: Transport = (request) => {
    sent.push(request)
    return fetchTransport(request)
  }
  const storage = memory()
  const stored: string[] = []
  const setItem = (key: string, value: string) => {
    stored.push(value)
    storage.setItem(key, value)
  }
  const options = { getToken: () => token, transport, storage: { ...storage, setItem } }
  const client = clientFor(cloud(), options)
  const rule = 'files'
  for (const mechanism of ['put', 'form'] as const) {
    const file = fileOf(5, `token-${mechanism}.txt`, 'text/plain')
    await client.upload(file, { rule, mechanism, verifyCrc64: true }).done
  }
  await client.upload(randomFile(300 * KIB), { rule: 'films', mechanism: 'parts' }).done
  await client.list(rule)
  await client.remove('files/alice/token-put.txt', { rule })
  await client.credentials('lent')
  const toOss = sent.filter(({ url }) => !url.startsWith(cloud().gateway))
  expect(new Set(toOss.map(({ method }) => method))).toEqual(
    new Set(['PUT', 'POST', 'GET', 'DELETE']),
  )
  for (const { url, headers, fields, body } of toOss) {
    const text = JSON.stringify([url, headers, fields, typeof body === 'string' ? body : ''])
    expect(text).not.toContain(token)
  }
  expect(stored.length).toBeGreaterThan(0)
  expect(stored.join()).not.toContain(token)
})

it.each(['https://a.test/api', 'https://a.test/api/', 'https://a.test/api//'])(
  'sends the token nowhere but below %s',
  async (baseUrl) => {
    const urls: string[] = []
    const api = createApi({ baseUrl, getToken: () => 'a.b.c' }, async ({ url }) => {
      urls.push(url)
      return { status: 200, headers: {}, text: '{"serverTime":"2026-01-01T00:00:00Z"}' }
    })
    await api.ask('/sts', {})
    expect(urls).toEqual(['https://a.test/api/sts'])
  },
)

it("goes on with nobody else's upload of the same file, which was kept in the same browser", async () => {
  const { file, storage, first } = await leaveUnfinished(cloud(), { missing: [2] })
  const { filename, contentType } = first.job
  const bob = clientFor(cloud(), { sub: 'bob', storage })
  const options = { rule: 'films', mechanism: 'parts', filename, contentType } as const
  const { key, proven } = await bob.upload(file, options).done
  expect([key, proven]).toEqual([expect.stringMatching(/^films\/bob\//), true])
})

it.each([
  'a&lt;b&amp;.txt',
  'a&#65;&#x3c;Key&#x3e;.txt',
  'a<Key>x</Key>.txt',
  'a</Key><Contents><Key>files/alice/other.txt',
  'quote"\'.txt',
])('lists, reads and deletes the very file %j', async (filename) => {
  const sub = 'mallory'
  const client = clientFor(cloud(), { sub })
  const file = fileOf(5, 'a.txt', 'text/plain')
  const { key } = await client.upload(file, { rule: 'files', filename }).done
  const listing = clientFor(cloud(), { sub })
  expect(await keysIn(listing)).toEqual([`files/${sub}/${filename}`])
  const { url } = await listing.download(key)
  expect(await (await fetch(url)).text()).toBe('aaaaa')
  await listing.remove(key)
  expect(await keysIn(listing)).toEqual([])
})

async function keysIn(client: OssDirect, path?: string): Promise<string[]> {
  const { files, folders } = await client.list('files', path === undefined ? {} : { path })
  const deeper = await Promise.all(folders.map((folder) => keysIn(client, folder)))
  return [...files.map(({ key }) => key), ...deeper.flat()]
}

it("lets a caller neither read nor delete another's file by its key", async () => {
  const { key } = await clientFor(cloud()).upload(fileOf(5, 'mine.txt'), { rule: 'files' }).done
  const bob = clientFor(cloud(), { sub: 'bob' })
  const options = { rule: 'files' }
  const refused = { code: 'not_allowed', status: 403 }
  expect(await errorOf(bob.download(key, options))).toMatchObject(refused)
  expect(await errorOf(bob.remove(key, options))).toMatchObject(refused)
})
