import type { RefObject } from 'preact'
import { useEffect } from 'preact/hooks'

/** Gives the focus to another element when the one within this place that had it is taken away. */
export function useKeptFocus(
  place: RefObject<HTMLElement | null>,
  find: (place: HTMLElement) => HTMLElement | null,
): void {
  const hadFocus = place.current?.contains(document.activeElement) ?? false
  useEffect(() => {
    const { current } = place
    if (hadFocus && current && document.activeElement === document.body) find(current)?.focus()
  })
}
