import { createOssDirect } from '../../../client'
import { claim } from '../../../client/parts/claim'
import { lockOf } from '../../../client/parts/kept'
import { fetchTransport } from '../../../client/transports/fetch'
import type { KeyValueStorage, Transport } from '../../../client/types'
import { issueToken } from '../../support/token'
import {
  leaveUnfinished,
  memory,
  operationOf,
  PART,
  sharePartsCloud,
  start,
} from '../support/parts'

const cloud = sharePartsCloud()
const STORED_AS = 'oss-direct:uploads'

function clientWith(storage: KeyValueStorage | null, transport: Transport = fetchTransport) {
  const getToken = () => issueToken(cloud(), { sub: 'alice' })
  return createOssDirect({ baseUrl: cloud().gateway, getToken, storage, transport })
}

function namesIn(storage: KeyValueStorage): string[] {
  return Object.keys(JSON.parse(String(storage.getItem(STORED_AS) ?? '{}')))
}

it('tells of an upload that a closed page left, and which file it is of', async () => {
  const { file, storage } = await leaveUnfinished(cloud(), { missing: [2] })
  const [found, ...others] = await clientWith(storage).unfinished()
  expect(others).toEqual([])
  expect(found).toMatchObject({
    ...{ rule: 'films', filename: file.name, contentType: 'video/mp4', name: file.name },
    ...{ size: 4 * PART, lastModified: file.lastModified },
    key: expect.stringContaining('films/'),
  })
  const { begunAt = '', expiresAt = '' } = found ?? {}
  expect(Date.parse(expiresAt)).toBeGreaterThan(Date.parse(begunAt))
  await start(cloud(), { file, storage }).done
  expect(await clientWith(storage).unfinished()).toEqual([])
})

it('deletes the parts of one that is dropped, and forgets that one alone', async () => {
  const { storage } = await leaveUnfinished(cloud(), { missing: [2] })
  await leaveUnfinished(cloud(), { storage, missing: [1] })
  const statuses: [string, number][] = []
  const client = clientWith(storage, async (request) => {
    const response = await fetchTransport(request)
    if (!request.url.startsWith(cloud().gateway)) {
      statuses.push([operationOf(request), response.status])
    }
    return response
  })
  const [dropped, kept] = await client.unfinished()
  await dropped?.abort()
  expect(statuses).toEqual([['abort', 204]])
  expect((await client.unfinished()).map(({ key }) => key)).toEqual([kept?.key])
  await kept?.abort()
  expect(namesIn(storage)).toEqual([])
})

it('leaves out what goes on in this page', async () => {
  const { storage } = await leaveUnfinished(cloud(), { missing: [2] })
  const [name = ''] = namesIn(storage)
  const release = await claim(lockOf(name))
  expect(await clientWith(storage).unfinished()).toEqual([])
  release?.()
  expect(await clientWith(storage).unfinished()).toHaveLength(1)
})

it('leaves out what can not go on, and finds nothing where nothing is kept', async () => {
  const { storage } = await leaveUnfinished(cloud(), { missing: [2] })
  const uploads = JSON.parse(String(storage.getItem(STORED_AS)))
  const [kept] = Object.values<object>(uploads)
  const ended = { ...kept, expiresAt: 1 }
  const odd = { 'no fingerprint': kept, '[]': kept, [namesIn(storage)[0] ?? '']: ended }
  storage.setItem(STORED_AS, JSON.stringify(odd))
  expect(await clientWith(storage).unfinished()).toEqual([])
  expect(await clientWith(memory()).unfinished()).toEqual([])
  expect(await clientWith(null).unfinished()).toEqual([])
})
