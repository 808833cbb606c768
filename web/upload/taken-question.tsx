import { t } from '../i18n/i18n'
import { Button } from '../ui/button'
import { formatBytes, formatTime } from '../ui/format'
import { splitPath } from './taken-names'
import type { Transfer } from './transfer'
import { decide } from './transfers'

/** Says what a file would replace, and asks. */
export function TakenQuestion({ transfer }: { transfer: Transfer }) {
  const { taken } = transfer.state.value
  if (!taken) return null
  const { stored, isReplaceable } = taken
  const { name } = splitPath(transfer.path)
  const values = stored && {
    ...{ name, size: formatBytes(stored.size), time: formatTime(stored.lastModified) },
  }
  const sentence = isReplaceable ? 'taken.stored' : 'taken.kept'
  return (
    <div class="question">
      <p>{values ? t(sentence, values) : t('taken.here')}</p>
      <div class="buttons">
        {isReplaceable && (
          <Button onClick={() => void decide(transfer, 'replace')}>{t('taken.replace')}</Button>
        )}
        <Button onClick={() => void decide(transfer, 'both')}>{t('taken.both')}</Button>
        <Button onClick={() => void decide(transfer, 'skip')}>{t('taken.skip')}</Button>
      </div>
    </div>
  )
}
