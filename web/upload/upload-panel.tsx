import { t } from '../i18n/i18n'
import { DropArea } from './drop-area'
import { Queue } from './queue'
import { SettingsCard } from './settings-card'
import { transfers } from './transfers'
import { UnfinishedList } from './unfinished-list'

/** The part of the page that takes files and shows how they travel. */
export function UploadPanel() {
  return (
    <section class="upload-panel" aria-label={t('drop.choose')}>
      <div class="upload-work">
        <DropArea isSmall={transfers.value.length > 0} />
        <UnfinishedList />
        <Queue />
      </div>
      <SettingsCard />
    </section>
  )
}
