import { computed, effect } from '@preact/signals'
import { useEffect, useRef, useState } from 'preact/hooks'
import { QueueRow } from './queue-row'
import { pace } from './totals'
import { isRunning, type Transfer } from './transfer'
import { transfers } from './transfers'

const CHUNK = 20
const ROW_PX = 72

// The first file on its way: the one to keep in sight.
const inProgress = computed(() => transfers.value.findIndex(isRunning))

/** The rows of all transfers, in chunks of which only those near the visible part are built: lists may be long. */
export function QueueList() {
  const list = useRef<HTMLDivElement>(null)
  useEffect(
    () =>
      effect(() => {
        // Also from time to time: rows above may have grown.
        pace.value
        keepInSight(list.current, inProgress.value)
      }),
    [],
  )
  const all = transfers.value
  const chunks = Array.from({ length: Math.ceil(all.length / CHUNK) }, (_, index) =>
    all.slice(index * CHUNK, (index + 1) * CHUNK),
  )
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are in chunks, and so no children of a list.
    <div ref={list} class="rows" role="list">
      {chunks.map((chunk, index) => (
        <Chunk key={index} transfers={chunk} first={index * CHUNK} count={all.length} />
      ))}
    </div>
  )
}

interface ChunkProps {
  transfers: readonly Transfer[]
  first: number
  count: number
}

function Chunk({ transfers: shown, first, count }: ChunkProps) {
  const place = useRef<HTMLDivElement>(null)
  const height = useRef(0)
  const [isNear, setNear] = useState(first === 0)
  useEffect(() => {
    const { current } = place
    if (!current) return
    const watcher = new IntersectionObserver(
      ([entry]) => {
        if (!entry) return
        // What has the focus stays.
        const isKept = current.contains(document.activeElement)
        height.current = current.offsetHeight
        setNear(entry.isIntersecting || isKept)
      },
      { root: current.parentElement, rootMargin: '300px' },
    )
    watcher.observe(current)
    return () => watcher.disconnect()
  }, [])
  useEffect(() => {
    if (!place.current) return
    const empty = height.current || shown.length * ROW_PX
    place.current.style.minHeight = isNear ? '' : `${empty}px`
  }, [isNear, shown.length])
  return (
    <div ref={place} class="chunk" role="none">
      {isNear &&
        shown.map((transfer, index) => (
          <QueueRow
            key={transfer.id}
            transfer={transfer}
            position={first + index + 1}
            count={count}
          />
        ))}
    </div>
  )
}

/** Scrolls the list so that a row is seen, unless somebody is at work in the list. */
function keepInSight(list: HTMLElement | null, index: number): void {
  if (!list || index < 0 || list.matches(':hover, :focus-within')) return
  const chunk = list.children[Math.floor(index / CHUNK)]
  const row = chunk?.children[index % CHUNK] ?? chunk
  if (!(row instanceof HTMLElement)) return
  const top = row.offsetTop
  const isSeen = top >= list.scrollTop && top + ROW_PX <= list.scrollTop + list.clientHeight
  if (!isSeen) list.scrollTop = Math.max(0, top - ROW_PX)
}
