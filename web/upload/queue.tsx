import { t } from '../i18n/i18n'
import { Button } from '../ui/button'
import { formatBytes, formatDuration, formatSpeed, shareOf } from '../ui/format'
import { ProgressBar } from '../ui/progress-bar'
import { QueueList } from './queue-list'
import { pace, totals } from './totals'
import type { Phase, Transfer } from './transfer'
import { cancel, clearFinished, decide, pause, resume, retry, transfers } from './transfers'

/** Shows the files that were given, and how far all of them are. */
export function Queue() {
  if (transfers.value.length === 0) return null
  return (
    <section class="card queue" aria-label={t('queue.list')}>
      <Summary />
      <TakenNames />
      <QueueList />
    </section>
  )
}

function Summary() {
  const { sentBytes, totalBytes, count, done, running } = totals.value
  const { speed, left } = pace.value
  const facts = [
    t('queue.ofBytes', { sent: formatBytes(sentBytes), total: formatBytes(totalBytes) }),
    speed === undefined ? '' : formatSpeed(speed),
    left === undefined ? '' : t('queue.left', { time: formatDuration(left) }),
  ]
  return (
    <header class="summary">
      <div class="summary-words">
        <h2>{t('queue.files', { done, count })}</h2>
        <p class="facts">{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <AllButtons />
      <ProgressBar
        share={shareOf(sentBytes, totalBytes)}
        label={t('queue.progress')}
        isStill={running === 0}
      />
    </header>
  )
}

function AllButtons() {
  const { active, asking, paused, failed, finished } = totals.value
  const canPause = active - asking - paused > 0
  return (
    <div class="buttons">
      {canPause && (
        <Button icon="pause" onClick={() => forEach(['waiting', 'sending', 'offline'], pause)}>
          {t('queue.pauseAll')}
        </Button>
      )}
      {paused > 0 && (
        <Button icon="play" onClick={() => forEach(['paused'], resume)}>
          {t('queue.resumeAll')}
        </Button>
      )}
      {failed > 0 && (
        <Button icon="retry" onClick={() => forEach(['failed'], retry)}>
          {t('queue.retryAll')}
        </Button>
      )}
      {active > 0 && (
        <Button icon="close" onClick={cancelAll}>
          {t('queue.cancelAll')}
        </Button>
      )}
      {finished > 0 && (
        <Button icon="check" onClick={clearFinished}>
          {t('queue.clear')}
        </Button>
      )}
    </div>
  )
}

/** Asks once for all names that are taken, where there are several. */
function TakenNames() {
  const { asking } = totals.value
  if (asking < 2) return null
  const canReplace = transfers.value.every(({ state: { value } }) => {
    return value.phase !== 'asking' || value.taken?.isReplaceable
  })
  return (
    <div class="taken-names" role="status">
      <strong>{t('queue.taken', { count: asking })}</strong>
      <div class="buttons">
        {canReplace && (
          <Button onClick={() => forEach(['asking'], (each) => decide(each, 'replace'))}>
            {t('taken.replace')}
          </Button>
        )}
        <Button onClick={() => forEach(['asking'], (each) => decide(each, 'both'))}>
          {t('taken.both')}
        </Button>
        <Button onClick={() => forEach(['asking'], (each) => decide(each, 'skip'))}>
          {t('taken.skip')}
        </Button>
      </div>
    </div>
  )
}

function cancelAll(): void {
  forEach(
    ['checking', 'asking', 'waiting', 'sending', 'proving', 'paused', 'offline'],
    (transfer) => void cancel(transfer),
  )
}

function forEach(phases: readonly Phase[], act: (transfer: Transfer) => unknown): void {
  for (const transfer of transfers.peek()) {
    if (phases.includes(transfer.state.peek().phase)) act(transfer)
  }
}
