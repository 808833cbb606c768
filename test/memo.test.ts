import { BoundedMap, memoize, memoizeLatest } from '../shared/memo'

describe('a bounded map', () => {
  it('keeps as many entries as it may, and forgets the one set longest ago', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2)
    expect([...map]).toEqual([
      ['a', 1],
      ['b', 2],
    ])
    map.set('c', 3)
    expect([...map.keys()]).toEqual(['b', 'c'])
  })

  it('counts an entry that is set again as the latest, and once', () => {
    const map = new BoundedMap<string, number>(2)
    map.set('a', 1).set('b', 2).set('a', 3).set('c', 4)
    expect([...map]).toEqual([
      ['a', 3],
      ['c', 4],
    ])
  })
})

describe('memoize', () => {
  const counted = () => {
    const calls: string[] = []
    const join = memoize((text: string, count: number) => {
      calls.push(`${text}${count}`)
      return { joined: `${text}${count}` }
    })
    return { join, calls }
  }

  it('computes once for the same inputs, and anew where any of them differs', () => {
    const { join, calls } = counted()
    const first = join('a', 1)
    expect(join('a', 1)).toBe(first)
    expect([join('a', 2).joined, join('b', 1).joined]).toEqual(['a2', 'b1'])
    expect(calls).toEqual(['a1', 'a2', 'b1'])
  })

  it('takes a number for no text', () => {
    const typeOf = memoize((value: string | number) => typeof value)
    expect([typeOf('1'), typeOf(1)]).toEqual(['string', 'number'])
  })

  it('keeps the last 16 answers and no more', () => {
    const { join, calls } = counted()
    for (let count = 0; count < 16; count++) join('a', count)
    join('a', 0)
    expect(calls).toHaveLength(16)
    join('a', 16)
    join('a', 1)
    expect(calls).toHaveLength(17)
    join('a', 0)
    expect(calls).toHaveLength(18)
  })

  it('keeps nothing of what threw', () => {
    let isBroken = true
    const compute = memoize((text: string) => {
      if (isBroken) throw new Error('broken')
      return text
    })
    expect(() => compute('a')).toThrow('broken')
    isBroken = false
    expect(compute('a')).toBe('a')
  })
})

describe('memoizeLatest', () => {
  it('computes once for the same input, and keeps one answer', () => {
    const calls: number[] = []
    const double = memoizeLatest((value: number) => {
      calls.push(value)
      return value * 2
    })
    expect([double(1), double(1), double(2), double(1)]).toEqual([2, 2, 4, 2])
    expect(calls).toEqual([1, 2, 1])
  })
})
