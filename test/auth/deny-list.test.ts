import {
  createDenyListCache,
  currentDenyList,
  DENY_LIST_PAUSE_SECONDS,
  DENY_LIST_SECONDS,
  type DenyList,
} from '../../shared/auth/deny-list'
import { NOW } from './support/idp'

const listOf = (...subs: string[]): DenyList => ({ subs: new Set(subs), jtis: new Set() })

/** A list whose answers a test changes as it goes. */
function bucket(first: DenyList | Error) {
  const cache = createDenyListCache()
  const lines: unknown[][] = []
  const state = { answer: first, asked: 0 }
  const fetchList = async () => {
    state.asked += 1
    await new Promise(setImmediate)
    if (state.answer instanceof Error) throw state.answer
    return state.answer
  }
  const at = async (now: number): Promise<string[] | string> => {
    const log = (...line: unknown[]) => void lines.push(line)
    const read = currentDenyList(cache, { now, fetchList, log })
    return read.then(
      ({ subs }) => [...subs],
      (error: Error) => error.message,
    )
  }
  return { state, at, lines }
}

describe('the list of the denied in the bucket', () => {
  it('is read once a minute, and once for many at the same time', async () => {
    const { state, at } = bucket(listOf('mallory'))
    expect(await Promise.all([at(NOW), at(NOW), at(NOW)])).toEqual(Array(3).fill(['mallory']))
    state.answer = listOf('mallory', 'eve')
    expect(await at(NOW + DENY_LIST_SECONDS - 1)).toEqual(['mallory'])
    expect(state.asked).toBe(1)
    expect(await at(NOW + DENY_LIST_SECONDS)).toEqual(['mallory', 'eve'])
    expect(state.asked).toBe(2)
  })

  it('stays in force where the next can’t be read, and the log says so', async () => {
    const { state, at, lines } = bucket(listOf('mallory'))
    await at(NOW)
    state.answer = new Error('OSS returned status 503')
    expect(await at(NOW + DENY_LIST_SECONDS)).toEqual(['mallory'])
    expect(await at(NOW + DENY_LIST_SECONDS + 1)).toEqual(['mallory'])
    const facts = { isOldKept: true, cause: 'Error: OSS returned status 503' }
    expect(lines).toEqual([['error', 'deny list not read', facts]])
    state.answer = listOf()
    expect(await at(NOW + 2 * DENY_LIST_SECONDS)).toEqual([])
  })

  it('lets nobody in before it was read once, and is asked for again soon', async () => {
    const { state, at, lines } = bucket(new Error('no answer'))
    expect(await at(NOW)).toBe('deny_list_unavailable')
    const facts = { isOldKept: false, cause: 'Error: no answer' }
    expect(lines).toEqual([['error', 'deny list not read', facts]])
    state.answer = listOf('mallory')
    expect(await at(NOW + DENY_LIST_PAUSE_SECONDS - 1)).toBe('deny_list_unavailable')
    expect(await at(NOW + DENY_LIST_PAUSE_SECONDS)).toEqual(['mallory'])
  })
})
