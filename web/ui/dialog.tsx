import type { ComponentChildren } from 'preact'
import { useEffect, useId, useRef } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { IconButton } from './button'

interface DialogProps {
  title: string
  /** Called when it is closed: by its button, by Escape, by a click beside it. */
  onClose: () => void
  children: ComponentChildren
}

/** A dialog over the page, which keeps the focus while it is open and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const place = useRef<HTMLDialogElement>(null)
  const id = useId()
  useEffect(() => {
    const before = document.activeElement
    place.current?.showModal()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: Escape closes it, by the browser.
    <dialog
      ref={place}
      aria-labelledby={id}
      onClose={onClose}
      onClick={({ target }) => {
        if (target === place.current) place.current?.close()
      }}
    >
      <div class="dialog">
        <header>
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={t('ui.close')} onClick={() => place.current?.close()} />
        </header>
        {children}
      </div>
    </dialog>
  )
}
