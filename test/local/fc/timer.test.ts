import { startTimer } from '../../../local/fc/timer'

beforeEach(() => jest.useFakeTimers())
afterEach(() => jest.useRealTimers())

/** A timer of a minute, by a clock that is moved apart from time. */
function open() {
  let now = 1000
  const times: number[] = []
  const timer = startTimer({ everyMs: 60_000, now: () => now, act: (time) => times.push(time) })
  const move = (ms: number) => {
    now += ms
    jest.advanceTimersByTime(100)
  }
  return { times, timer, move }
}

it('acts when its time has come by the clock of the cloud, and not before', () => {
  const { times, move } = open()
  move(59_999)
  expect(times).toEqual([])
  move(1)
  expect(times).toEqual([61_000])
  move(0)
  expect(times).toHaveLength(1)
  move(60_000)
  expect(times).toEqual([61_000, 121_000])
})

it('acts once for a clock that was moved by hours', () => {
  const { times, move } = open()
  move(7_200_000)
  move(0)
  expect(times).toHaveLength(1)
})

it('waits no longer than its interval when the clock is set back', () => {
  const { times, move } = open()
  move(-1_000_000)
  move(60_000)
  expect(times).toHaveLength(1)
})

it('acts no more once it is closed', () => {
  const { times, timer, move } = open()
  timer.close()
  move(60_000)
  expect(times).toEqual([])
})
