import { keepFresh } from '../../server/keep-fresh'
import type { Credentials } from '../../shared/signing/v4'

/** A source whose loads end when the test says so. */
function openSource() {
  const pending: { resolve: (credentials: Credentials) => void; reject: (error: Error) => void }[] =
    []
  const failures: unknown[] = []
  const clock = { ms: 0 }
  let loads = 0
  const find = keepFresh({
    load: () => {
      loads++
      return new Promise((resolve, reject) => pending.push({ resolve, reject }))
    },
    onFailure: (error) => failures.push(error),
    now: () => clock.ms,
  })
  return {
    ...{ find, clock, failures },
    loads: () => loads,
    finish: (id: string) =>
      pending.shift()?.resolve({ accessKeyId: id, accessKeySecret: 's', securityToken: 't' }),
    fail: () => pending.shift()?.reject(new Error('down')),
  }
}

async function openKept() {
  const source = openSource()
  const first = source.find()
  source.finish('one')
  await first
  return source
}

const idOf = async (credentials: Promise<Credentials>) => (await credentials).accessKeyId

it('loads once for all that ask at the same time', async () => {
  const source = openSource()
  const all = Array.from({ length: 100 }, () => idOf(source.find()))
  source.finish('one')
  expect(new Set(await Promise.all(all))).toEqual(new Set(['one']))
  expect(source.loads()).toBe(1)
})

it('loads nothing in the first minute', async () => {
  const source = await openKept()
  source.clock.ms = 59_999
  expect(await idOf(source.find())).toBe('one')
  expect(source.loads()).toBe(1)
})

it.each([60_000, 299_999])('at %d ms loads others once while it gives those it has', async (ms) => {
  const source = await openKept()
  source.clock.ms = ms
  expect([await idOf(source.find()), await idOf(source.find())]).toEqual(['one', 'one'])
  expect(source.loads()).toBe(2)
  source.finish('two')
  await new Promise(setImmediate)
  expect(await idOf(source.find())).toBe('two')
})

it('waits for others from 300000 ms on, since those it has may have expired', async () => {
  const source = await openKept()
  source.clock.ms = 300_000
  const next = idOf(source.find())
  source.finish('two')
  expect(await next).toBe('two')
})

it('reports a failure that nobody waits for, and tries again', async () => {
  const source = await openKept()
  source.clock.ms = 60_000
  await source.find()
  source.fail()
  await new Promise(setImmediate)
  expect(source.failures).toEqual([new Error('down')])
  expect(await idOf(source.find())).toBe('one')
  expect(source.loads()).toBe(3)
})

it('rejects for all that wait, and tries again for the next', async () => {
  const source = openSource()
  const both = [source.find(), source.find()].map((each) =>
    each.catch((error: Error) => error.message),
  )
  source.fail()
  expect(await Promise.all(both)).toEqual(['down', 'down'])
  const next = idOf(source.find())
  source.finish('two')
  expect(await next).toBe('two')
  expect(source.failures).toEqual([])
})
