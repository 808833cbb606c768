// Covers client/parts/kept.ts, client/parts/claim.ts and client/parts/list-parts.ts.
import { openKept } from '../../../client/parts/kept'
import type { KeyValueStorage } from '../../../client/types'
import { eventsOf } from '../../e2e/support/client'
import { issueToken } from '../../support/token'
import {
  hashesOf,
  leaveUnfinished,
  memory,
  PART,
  randomFile,
  sharePartsCloud,
  start,
} from '../support/parts'

const cloud = sharePartsCloud()
const STORED_AS = 'oss-direct:uploads'

function sentParts(operations: readonly string[]): string[] {
  return operations.filter((operation) => operation.startsWith('part')).sort()
}

function sizeOf(storage: KeyValueStorage): number {
  return (storage as ReturnType<typeof memory>).items.size
}

describe('an upload after a reload', () => {
  it('sends the missing parts alone, and one event comes', async () => {
    const { file, storage } = await leaveUnfinished(cloud(), { missing: [2, 4] })
    const { done, operations, reports } = start(cloud(), { file, storage })
    const { key } = await done
    expect(operations[0]).toBe('list')
    expect(sentParts(operations)).toEqual(['part 2', 'part 4'])
    expect(reports[0]?.sent).toBeGreaterThanOrEqual(2 * PART)
    const { sent, stored } = await hashesOf(cloud(), file, key)
    expect(stored).toBe(sent)
    expect(await eventsOf(cloud(), key)).toHaveLength(1)
    expect(sizeOf(storage)).toBe(0)
  })

  it('sends a part again that OSS has with another size', async () => {
    const { file, storage } = await leaveUnfinished(cloud(), { missing: [2] })
    const { done, operations } = start(cloud(), {
      file,
      storage,
      change: async (operation, request, send) => {
        const response = await send(request)
        if (operation !== 'list') return response
        return { ...response, text: response.text.replace(`<Size>${PART}<`, `<Size>${PART - 1}<`) }
      },
    })
    await done
    expect(sentParts(operations)).toEqual(['part 1', 'part 2'])
  })

  it('goes on after a token that was refused on the way', async () => {
    const { file, storage } = await leaveUnfinished(cloud(), { missing: [2] })
    let asked = 0
    // The first is for the list of the parts.
    const getToken = async () => (asked++ === 0 ? issueToken(cloud(), { sub: 'alice' }) : 'a.b.c')
    const refused = start(cloud(), { file, storage, getToken })
    await expect(refused.done).rejects.toMatchObject({ code: 'invalid_token', status: 401 })
    const { done, operations } = start(cloud(), { file, storage })
    await expect(done).resolves.toMatchObject({ proven: true })
    expect(sentParts(operations)).toEqual(['part 2'])
  })

  it('finds parts past the page of a thousand', async () => {
    const file = randomFile(1003 * PART, 'long.mp4')
    const { storage } = await leaveUnfinished(cloud(), { file, missing: [1, 1002, 1003] })
    const { done, operations } = start(cloud(), { file, storage })
    const { key } = await done
    expect(operations.filter((operation) => operation === 'list')).toHaveLength(2)
    expect(sentParts(operations)).toEqual(['part 1', 'part 1002', 'part 1003'])
    const { sent, stored } = await hashesOf(cloud(), file, key)
    expect(stored).toBe(sent)
  }, 120_000)

  it.each([
    ['another name', { filename: 'b.mp4' }],
    ['another type', { contentType: 'video/webm' }],
    ['another rule', { rule: 'unread' }],
  ])('is another one with %s', async (_, change) => {
    const { file, storage } = await leaveUnfinished(cloud(), { missing: [2] })
    const { done, operations } = start(cloud(), { file, storage, ...change })
    await done
    expect(operations[0]).toBe('initiate')
  })

  it.each([
    ['first', 0],
    ['last', 4 * PART - 1],
  ])('is another one if the %s byte differs', async (_, index) => {
    const { file, storage } = await leaveUnfinished(cloud(), { missing: [2] })
    const bytes = new Uint8Array(await file.arrayBuffer())
    bytes[index] = (bytes[index] ?? 0) ^ 1
    const { name, type, lastModified } = file
    const other = new File([bytes], name, { type, lastModified })
    const { done, operations } = start(cloud(), { file: other, storage })
    await done
    expect(operations[0]).toBe('initiate')
  })

  it('is not kept for a source without a date, which could be any other of its size', async () => {
    const { storage, file } = await leaveUnfinished(cloud(), {
      missing: [2],
      source: new Blob([new Uint8Array(4 * PART)]),
    })
    expect(sizeOf(storage)).toBe(0)
    await start(cloud(), { file, storage }).done
  })
})

describe('a kept upload that can not go on', () => {
  const anew = async (change: (kept: Record<string, unknown>) => void) => {
    const storage = memory()
    const { file } = await leaveUnfinished(cloud(), { storage, missing: [2] })
    const uploads = JSON.parse(String(storage.getItem(STORED_AS)))
    for (const kept of Object.values<Record<string, unknown>>(uploads)) change(kept)
    storage.setItem(STORED_AS, JSON.stringify(uploads))
    const second = start(cloud(), { file, storage })
    const { key } = await second.done
    const { sent, stored } = await hashesOf(cloud(), file, key)
    expect(stored).toBe(sent)
    expect(sizeOf(storage)).toBe(0)
    return second.operations
  }

  it.each([
    ['OSS does not know', { uploadId: 'A'.repeat(32) }],
    ['has a forged ticket', { ticket: 'forged' }],
    ['has other parts', { partSize: 2 * PART }],
    ['is older than its ticket', { expiresAt: 1 }],
    ['is damaged', { ticket: 7 }],
  ])('begins anew: one that %s', async (_, change) => {
    const operations = await anew((kept) => Object.assign(kept, change))
    expect(operations.filter((operation) => operation === 'initiate')).toHaveLength(1)
    expect(sentParts(operations)).toHaveLength(4)
  })

  it('is removed with the next that is kept, when its ticket has ended', async () => {
    const storage = memory()
    await leaveUnfinished(cloud(), { storage, missing: [2] })
    const uploads = JSON.parse(String(storage.getItem(STORED_AS)))
    for (const kept of Object.values<Record<string, unknown>>(uploads)) kept.expiresAt = 1
    storage.setItem(STORED_AS, JSON.stringify(uploads))
    await leaveUnfinished(cloud(), { storage, missing: [2], file: randomFile(2 * PART, 'b.mp4') })
    expect(Object.keys(JSON.parse(String(storage.getItem(STORED_AS))))).toHaveLength(1)
  })
})

describe('a storage', () => {
  it('may throw, as one that is full or forbidden does', async () => {
    const fail = () => {
      throw new DOMException('The quota is exceeded.', 'QuotaExceededError')
    }
    const storage = { getItem: fail, setItem: fail, removeItem: fail }
    await expect(start(cloud(), { storage }).done).resolves.toMatchObject({ proven: true })
  })

  it('may be asynchronous, and keeps uploads that begin at once', async () => {
    const { items, ...store } = memory()
    const storage = { ...store, getItem: async (key: string) => items.get(key) ?? null }
    const jobs = ['a.mp4', 'b.mp4', 'c.mp4'].map((name) => {
      const { job, switches } = start(cloud(), { file: randomFile(PART, name), storage })
      switches.cancel()
      return job
    })
    const places = await Promise.all(jobs.map((job) => openKept({ ...job, filename: 'other' })))
    const upload = {
      key: 'a',
      ticket: 'a',
      uploadId: 'a',
      partSize: 1,
      begunAt: 1,
      expiresAt: 9e15,
    }
    await Promise.all(places.map((kept) => kept.keep(upload)))
    expect(Object.keys(JSON.parse(String(items.get(STORED_AS))))).toHaveLength(3)
    await Promise.all(places.map((kept) => kept.forget()))
    for (const { release } of places) release()
    expect(items.size).toBe(0)
  })

  it('may hold anything else', async () => {
    const storage = memory()
    storage.setItem(STORED_AS, '<not JSON>')
    await expect(start(cloud(), { storage }).done).resolves.toMatchObject({ proven: true })
  })
})
