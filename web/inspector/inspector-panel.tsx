import { signal, useSignalEffect } from '@preact/signals'
import type { FunctionComponent } from 'preact'
import { t } from '../i18n/i18n'
import type { Transfer } from '../upload/transfer'
import { selected } from '../upload/transfers'

type Loaded = FunctionComponent<{ transfer: Transfer }> | 'failed'

const loaded = signal<Loaded | undefined>(undefined)

/** Shows what happened to the transfer that is selected; its code is loaded with the first one. */
export function InspectorPanel() {
  useSignalEffect(() => {
    if (selected.value && (loaded.peek() ?? 'failed') === 'failed') void load()
  })
  const [transfer, Inspector] = [selected.value, loaded.value]
  if (!transfer || !Inspector) return null
  if (Inspector === 'failed') return <p class="inspector-failed">{t('inspector.failed')}</p>
  return <Inspector key={transfer.id} transfer={transfer} />
}

async function load(): Promise<void> {
  try {
    const { Inspector } = await import('./inspector')
    loaded.value = Inspector
  } catch {
    // The sentence on the page says it.
    loaded.value = 'failed'
  }
}
