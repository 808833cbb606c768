import { computed, effect, signal } from '@preact/signals'
import { createSpeedometer, secondsLeft } from './speed'
import { isActive, isFinished, isRunning } from './transfer'
import { transfers } from './transfers'

const TICK_MS = 1000

/** What all transfers of the list come to. */
export const totals = computed(() => {
  const sum = { ...{ count: 0, done: 0, failed: 0, asking: 0, active: 0, running: 0, paused: 0 } }
  const bytes = { sentBytes: 0, totalBytes: 0, finished: 0 }
  for (const transfer of transfers.value) {
    const { phase, sentBytes } = transfer.state.value
    if (isFinished(transfer)) bytes.finished++
    if (phase === 'cancelled') continue
    sum.count++
    if (phase === 'done' || phase === 'failed' || phase === 'asking' || phase === 'paused') {
      sum[phase]++
    }
    if (isActive(transfer)) sum.active++
    if (isRunning(transfer)) sum.running++
    if (phase === 'failed') continue
    bytes.sentBytes += sentBytes
    bytes.totalBytes += transfer.file.size
  }
  return { ...sum, ...bytes }
})

/** How fast the bytes of all transfers move, and how long the rest takes; both are known while some are on their way. */
export const pace = signal<{ speed?: number; left?: number }>({})

/** Measures the pace while something is sent. */
export function startPace(): void {
  let speedometer = createSpeedometer()
  let timer: ReturnType<typeof setInterval> | undefined
  const measure = () => {
    const now = performance.now()
    const { sentBytes, totalBytes } = totals.peek()
    speedometer.note(now, sentBytes)
    const speed = speedometer.speed(now)
    const left = secondsLeft(totalBytes - sentBytes, speed)
    pace.value = { ...(speed !== undefined && { speed }), ...(left !== undefined && { left }) }
  }
  effect(() => {
    const isMoving = totals.value.running > 0
    if (isMoving && timer === undefined) {
      speedometer = createSpeedometer()
      measure()
      timer = setInterval(measure, TICK_MS)
    } else if (!isMoving) {
      clearInterval(timer)
      timer = undefined
      pace.value = {}
    }
  })
}
