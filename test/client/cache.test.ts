import { createCache } from '../../client/cache'

function counting() {
  let now = 0
  let loads = 0
  const cache = createCache<number>(() => now)
  const load = async () => ({ value: ++loads, renewAt: now + 10 })
  return {
    cache,
    load,
    get: (key = 'a') => cache.get(key, load),
    wait: (time: number) => {
      now += time
    },
  }
}

it('loads once for all who ask meanwhile, and again when it is time', async () => {
  const { get, wait } = counting()
  expect(await Promise.all([get(), get()])).toEqual([1, 1])
  wait(9)
  expect(await get()).toBe(1)
  wait(1)
  expect(await Promise.all([get(), get()])).toEqual([2, 2])
})

it('keeps no failure', async () => {
  const { cache, get } = counting()
  await expect(cache.get('a', () => Promise.reject(new Error('lost')))).rejects.toThrow('lost')
  expect(await get()).toBe(1)
})

it('gives a load what was kept before', async () => {
  const { cache, get, wait } = counting()
  await get()
  wait(10)
  const load = jest.fn(async (earlier?: Promise<number>) => ({
    value: -((await earlier) ?? 0),
    renewAt: 99,
  }))
  expect(await cache.get('a', load)).toBe(-1)
})

it('drops what it is told to, and the oldest of more than 500', async () => {
  const { cache, get } = counting()
  await get()
  cache.drop('a')
  expect(await get()).toBe(2)
  for (let key = 0; key < 499; key++) await get(String(key))
  expect(await get()).toBe(2)
  await get('last')
  expect(await get()).toBe(503)
})

it('keeps what was loaded after a load that fails later', async () => {
  const { cache, get } = counting()
  let fail = (_: Error) => {}
  const failing = cache.get('a', () => new Promise((_, reject) => (fail = reject)))
  cache.drop('a')
  expect(await get()).toBe(1)
  fail(new Error('late'))
  await expect(failing).rejects.toThrow('late')
  expect(await get()).toBe(1)
})
