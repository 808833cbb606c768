import { effect } from '@preact/signals'
import { t } from '../i18n/i18n'
import { announce } from '../ui/announce'
import { formatShare, shareOf } from '../ui/format'
import { describeState } from './status'
import { totals } from './totals'
import { isActive } from './transfer'
import { transfers } from './transfers'

const QUARTERS = 4

/** Says to screen readers how the uploads go: each quarter and each end, not every byte. */
export function startAnnouncements(): void {
  let said = ''
  let last = ''
  effect(() => {
    const { stage, sentence } = transfers.value.length === 1 ? ofOne() : ofAll()
    if (stage === said) return
    said = stage
    if (sentence && sentence !== last) announce(sentence)
    last = sentence
  })
}

function ofOne(): { stage: string; sentence: string } {
  const transfer = transfers.value[0]
  if (!transfer) return { stage: '', sentence: '' }
  const { phase, sentBytes, isStalled } = transfer.state.value
  const quarter = quarterOf(sentBytes, transfer.file.size)
  const isSending = phase === 'sending' && !isStalled
  const status = isSending ? formatShare(quarter) : describeState(transfer, true)
  const isSilent = phase === 'checking' || phase === 'waiting'
  const sentence = isSilent ? '' : t('announce.file', { name: transfer.path, status })
  return { stage: `${phase} ${isStalled} ${quarter}`, sentence }
}

function ofAll(): { stage: string; sentence: string } {
  const { count, done, failed, sentBytes, totalBytes } = totals.value
  if (count === 0) return { stage: '', sentence: '' }
  if (!transfers.value.some(isActive)) {
    return { stage: `ended ${done} ${failed}`, sentence: t('announce.ended', { done, failed }) }
  }
  const quarter = quarterOf(sentBytes, totalBytes)
  const percent = formatShare(quarter)
  const sentence = quarter === 0 ? '' : t('announce.all', { done, count, percent })
  return { stage: `active ${quarter}`, sentence }
}

function quarterOf(done: number, total: number): number {
  return total === 0 ? 0 : Math.floor(shareOf(done, total) * QUARTERS) / QUARTERS
}
