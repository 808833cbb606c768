import { useRef } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { useKeptFocus } from '../ui/kept-focus'
import { DropArea } from './drop-area'
import { Queue } from './queue'
import { SettingsCard } from './settings-card'
import { transfers } from './transfers'
import { UnfinishedList } from './unfinished-list'

/** The part of the page that takes files and shows how they travel. */
export function UploadPanel() {
  const place = useRef<HTMLElement>(null)
  const count = transfers.value.length
  useKeptFocus(place, (panel) => panel.querySelector<HTMLElement>('.button.primary'))
  return (
    <section ref={place} class="upload-panel" aria-label={t('upload')}>
      <DropArea isSmall={count > 0} />
      <SettingsCard />
      <UnfinishedList />
      <Queue />
    </section>
  )
}
