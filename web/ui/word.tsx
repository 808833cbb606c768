import { useId, useRef } from 'preact/hooks'
import { type MessageId, t } from '../i18n/i18n'

const GAP = 6
const EDGE = 8

interface WordProps {
  children: string
  /** Names the sentence that explains it. */
  explained: MessageId
  /** What a screen reader says instead of the word. */
  label?: string
}

/** A word of the product, explained when it is touched, pointed at or focused. */
export function Word({ children, explained, label }: WordProps) {
  const word = useRef<HTMLButtonElement>(null)
  const tip = useRef<HTMLSpanElement>(null)
  const id = useId()
  const show = () => {
    if (!word.current || !tip.current) return
    tip.current.showPopover()
    place(tip.current, word.current.getBoundingClientRect())
  }
  const hide = () => tip.current?.hidePopover()
  return (
    <>
      <button
        ref={word}
        type="button"
        class={label ? 'word mark' : 'word'}
        aria-label={label}
        aria-describedby={id}
        onClick={(event) => {
          // Within a label, a click would choose as well.
          event.preventDefault()
          show()
        }}
        onFocus={show}
        onBlur={hide}
        onMouseEnter={show}
        onMouseLeave={() => {
          // The mouse leaves a word that a finger has touched, too.
          if (document.activeElement !== word.current) hide()
        }}
        onKeyDown={({ key }) => {
          if (key === 'Escape') hide()
        }}
      >
        {children}
      </button>
      <span ref={tip} id={id} class="tip" popover="manual" role="tooltip">
        {t(explained)}
      </span>
    </>
  )
}

/** Places a tip below a word, or above it where there is no room, within the window. */
function place(tip: HTMLElement, word: DOMRect): void {
  const { offsetWidth, offsetHeight } = tip
  const { clientWidth, clientHeight } = document.documentElement
  const fitsBelow = word.bottom + GAP + offsetHeight < clientHeight
  const top = fitsBelow ? word.bottom + GAP : Math.max(EDGE, word.top - GAP - offsetHeight)
  const left = Math.max(EDGE, Math.min(word.left, clientWidth - EDGE - offsetWidth))
  tip.style.top = `${top}px`
  tip.style.left = `${left}px`
}
