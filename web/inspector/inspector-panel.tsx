import { useEffect, useRef } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { IconButton } from '../ui/button'
import type { Transfer } from '../upload/transfer'
import { selected } from '../upload/transfers'
import { CopyAs } from './copy-as'
import { Steps } from './steps'
import { TryOut } from './try-out'
import { useKnown } from './watch'

/** Shows what happened to the transfer that is selected. */
export function InspectorPanel() {
  const transfer = selected.value
  return transfer ? <Inspector key={transfer.id} transfer={transfer} /> : null
}

function Inspector({ transfer }: { transfer: Transfer }) {
  const known = useKnown(transfer)
  const title = useFocus()
  return (
    <section class="inspector card" aria-labelledby="inspector-title">
      <header>
        <h2 id="inspector-title" ref={title} tabIndex={-1}>
          {t('inspector.title', { name: transfer.path })}
        </h2>
        <IconButton
          icon="close"
          label={t('inspector.close')}
          onClick={() => {
            selected.value = undefined
          }}
        />
      </header>
      <p class="lead">{t('inspector.lead')}</p>
      {known.isBlind && <p class="lead">{t('inspector.unavailable')}</p>}
      <div class="inspector-halves">
        <Steps known={known} />
        <div class="inspector-more">
          <TryOut known={known} />
          <CopyAs known={known} />
        </div>
      </div>
    </section>
  )
}

/** Returns a place that is focused while it is there; the focus goes back to where it was. */
function useFocus() {
  const place = useRef<HTMLHeadingElement>(null)
  useEffect(() => {
    const before = document.activeElement
    place.current?.focus()
    return () => {
      if (before instanceof HTMLElement) before.focus()
    }
  }, [])
  return place
}
