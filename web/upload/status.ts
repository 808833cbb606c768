import { t } from '../i18n/i18n'
import { formatBytes, formatShare, shareOf } from '../ui/format'
import type { Transfer, TransferState } from './transfer'

/** Says in one line where a transfer is. */
export function describeState({ file, state, way }: Transfer, goesOnLater: boolean): string {
  const { phase, sentBytes, isStalled, failure }: TransferState = state.value
  if (failure) return t(failure.title, failure.values)
  const percent = formatShare(shareOf(sentBytes, file.size))
  const total = formatBytes(file.size)
  if (phase === 'sending') {
    if (isStalled) return t('status.stalled', { percent })
    return t('status.sending', { sent: formatBytes(sentBytes), total, percent })
  }
  if (phase === 'waiting') return t('status.waiting', { total })
  if (phase === 'paused') {
    const goesOn = goesOnLater || way === 'sts' || sentBytes === 0
    return goesOn ? t('status.paused', { percent }) : t('status.pausedAnew')
  }
  if (phase === 'cancelled' && sentBytes > 0) return t('status.cancelledLate')
  return t(phase === 'failed' ? 'fail.other' : `status.${phase}`)
}
