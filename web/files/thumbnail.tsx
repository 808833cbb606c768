import { type Signal, useSignal } from '@preact/signals'
import { useEffect, useRef } from 'preact/hooks'
import type { OssDirect, StoredFile } from '../../client'
import { Icon } from '../ui/icon'
import type { Note } from './file-props'
import { lookAt } from './look'

// A thumbnail is the file itself: a larger one would cost more than it shows.
const MOST_BYTES = 8 * 1024 * 1024

interface ThumbnailProps {
  oss: OssDirect
  rule: string
  file: StoredFile
  note: Signal<Note | undefined>
}

/** Shows a small picture of a stored image once it is in sight; what is no image looks so. */
export function Thumbnail({ oss, rule, file, note }: ThumbnailProps) {
  const { key, size, etag } = file
  const place = useRef<HTMLSpanElement>(null)
  const url = useSignal('')
  const isBroken = useSignal(false)
  useEffect(() => {
    url.value = ''
    isBroken.value = false
    if (!place.current || size > MOST_BYTES || size === 0) return
    const stop = new AbortController()
    const observer = new IntersectionObserver((entries) => {
      if (!entries.some(({ isIntersecting }) => isIntersecting)) return
      observer.disconnect()
      oss.previewUrl(key, { rule, signal: stop.signal }).then(
        (source) => {
          url.value = source
        },
        // The picture is an extra: the row says more when something is done with the file.
        () => undefined,
      )
    })
    observer.observe(place.current)
    return () => {
      observer.disconnect()
      stop.abort()
    }
  }, [oss, key, etag])
  const fail = async () => {
    isBroken.value = true
    const found = await lookAt(url.value)
    if (found !== 'unknown') note.value = { kind: found === 'gone' ? 'gone' : 'not-an-image' }
  }
  return (
    <span class={`thumbnail ${isBroken.value ? 'broken' : ''}`} ref={place}>
      {url.value && !isBroken.value ? (
        <img src={url.value} alt="" decoding="async" onError={fail} />
      ) : (
        <Icon name={isBroken.value ? 'alert' : 'file'} />
      )}
    </span>
  )
}
