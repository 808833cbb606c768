// Covers client/adapters/uploads.ts.
import { fetchTransport, type OssDirectError, type Transport } from '../../../client'
import { createUploads, type KitUpload } from '../../../client/adapters/uploads'
import type { Uploaded } from '../../../client/types'
import { shareLocalCloud } from '../../e2e/support/cloud'
import { until } from '../../support/until'
import { clientFor, fileOf } from '../support/client'

const cloud = shareLocalCloud()

/** Uploads of a client whose PUTs wait until they are let go. */
function startGated() {
  const held: { name: string; go: () => void }[] = []
  const transport: Transport = async (request) => {
    if (request.method !== 'PUT') return fetchTransport(request)
    const name = new URL(request.url).pathname.split('/').pop() ?? ''
    await new Promise<void>((go, cancel) => {
      held.push({ name, go })
      request.signal?.addEventListener('abort', () => cancel(request.signal?.reason))
    })
    return fetchTransport(request)
  }
  const ended: string[] = []
  const oss = clientFor(cloud(), { transport })
  const running = { now: 0, most: 0 }
  const upload: typeof oss.upload = (...args) => {
    const started = oss.upload(...args)
    running.most = Math.max(running.most, ++running.now)
    const end = () => running.now--
    started.done.then(end, end)
    return started
  }
  const start = createUploads({ upload }, { rule: 'media' })
  const add = (name: string): KitUpload =>
    start(fileOf(5, name), {
      onProgress: () => {},
      onSuccess: ({ key }: Uploaded) => ended.push(key),
      onError: ({ code }: OssDirectError) => ended.push(code),
    })
  const names = () => held.map(({ name }) => name)
  return { add, held, names, ended, running }
}

it('sends three files at once, the others in their order', async () => {
  const { add, held, names, ended, running } = startGated()
  const uploads = ['a', 'b', 'c', 'd', 'e'].map(add)
  await until(() => held.length === 3)
  expect(names().sort()).toEqual(['a', 'b', 'c'])
  held[0]?.go()
  await until(() => held.length === 4)
  expect(names()[3]).toBe('d')
  held[1]?.go()
  await until(() => held.length === 5)
  for (const { go } of held) go()
  await Promise.all(uploads.map(({ settled }) => settled))
  expect(running.most).toBe(3)
  expect(ended.sort()).toEqual(['a', 'b', 'c', 'd', 'e'].map((name) => `media/alice/${name}`))
})

it('sends nothing of a file that is cancelled while it waits, and tells nobody', async () => {
  const { add, held, names, ended } = startGated()
  const [first, , , waiting, last] = ['f', 'g', 'h', 'i', 'j'].map(add)
  await until(() => held.length === 3)
  waiting?.cancel()
  first?.cancel()
  await Promise.all([first?.settled])
  await until(() => held.length === 4)
  await waiting?.settled
  expect(names()).not.toContain('i')
  for (const { go } of held) go()
  await last?.settled
  expect(ended).not.toContain('cancelled')
  expect(names()).toContain('j')
})

it('keeps a file paused that is paused while it waits', async () => {
  const { add, held, names } = startGated()
  const uploads = ['k', 'l', 'm', 'n', 'o'].map(add)
  await until(() => held.length === 3)
  uploads[3]?.pause()
  for (const { go } of held) go()
  await until(() => held.length === 4)
  expect(names()[3]).toBe('o')
  uploads[3]?.resume()
  await until(() => held.length === 5)
  for (const { go } of held) go()
  await Promise.all(uploads.map(({ settled }) => settled))
})

it('goes on after a refusal, which it tells', async () => {
  const { add, held, ended } = startGated()
  const uploads = ['p', 'a/../q', 'r', 's'].map(add)
  await until(() => held.length === 3)
  for (const { go } of held) go()
  await Promise.all(uploads.map(({ settled }) => settled))
  expect(ended).toContain('invalid_key')
  expect(ended).toHaveLength(4)
})
