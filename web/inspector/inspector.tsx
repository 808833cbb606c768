import { t } from '../i18n/i18n'
import { IconButton } from '../ui/button'
import type { Transfer } from '../upload/transfer'
import { selected } from '../upload/transfers'
import { CopyAs } from './copy-as'
import { Steps } from './steps'
import { TryOut } from './try-out'
import { useKnown } from './watch'

/** Shows what happened to one transfer, step by step. */
export function Inspector({ transfer }: { transfer: Transfer }) {
  const known = useKnown(transfer)
  const { file, path } = transfer
  return (
    <section class="inspector" aria-labelledby="inspector-title">
      <header>
        <h2 id="inspector-title">
          <bdi>{t('inspector.title', { name: path || file.name })}</bdi>
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
      <Steps known={known} />
      <TryOut known={known} />
      <CopyAs known={known} />
    </section>
  )
}
