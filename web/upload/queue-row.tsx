import { useRef, useState } from 'preact/hooks'
import type { Uploaded } from '../../client'
import { t } from '../i18n/i18n'
import { IconButton } from '../ui/button'
import { formatBytes, shareOf } from '../ui/format'
import { useKeptFocus } from '../ui/kept-focus'
import { ProgressBar } from '../ui/progress-bar'
import type { LiveTransfer } from './live-transfer'
import { RowDetails } from './row-details'
import { describeState } from './status'
import { splitPath } from './taken-names'
import { TakenQuestion } from './taken-question'
import { Thumbnail } from './thumbnail'
import { isActive, type Phase, type Transfer } from './transfer'
import { cancel, pause, remove, resume, retry, selected } from './transfers'

const WITH_BAR: readonly Phase[] = ['sending', 'paused', 'offline', 'proving']

interface QueueRowProps {
  transfer: Transfer
  /** From 1. */
  position: number
  count: number
}

/** One file: its name, where it is, and what can be done about it. */
export function QueueRow({ transfer, position, count }: QueueRowProps) {
  const [isOpen, setOpen] = useState(false)
  const { file, state, path, uploaded } = transfer
  const { phase, sentBytes, failure, isStalled } = state.value
  const isDone = phase === 'done'
  const outcome = isDone && uploaded.value?.proven === false ? 'unproven' : phase
  const stored = isDone ? uploaded.value : undefined
  const { folder, name } = splitPath(path)
  const { goesOnLater } = transfer as LiveTransfer
  return (
    // biome-ignore lint/a11y/useSemanticElements: the rows are in chunks, and so no children of a list.
    <div
      class="row"
      role="listitem"
      aria-setsize={count}
      aria-posinset={position}
      data-state={outcome}
      data-stalled={isStalled || undefined}
      data-selected={selected.value === transfer || undefined}
    >
      <Thumbnail file={file} />
      <div class="words">
        <p class="name">
          {folder && <bdi class="folder">{folder}/</bdi>}
          <bdi>{name}</bdi>
        </p>
        <p class="status">
          {describeState(transfer, goesOnLater)}
          {stored && <ProofLine stored={stored} />}
        </p>
        {WITH_BAR.includes(phase) && (
          <ProgressBar
            share={shareOf(sentBytes, file.size)}
            label={t('row.progress', { name })}
            isStill={isStalled || phase === 'paused' || phase === 'offline'}
          />
        )}
        {failure?.advice && <p class="advice">{t(failure.advice, failure.values)}</p>}
        {phase === 'asking' && <TakenQuestion transfer={transfer} />}
      </div>
      <RowButtons
        transfer={transfer}
        isOpen={isOpen}
        onOpen={() => {
          setOpen(!isOpen)
        }}
      />
      {isOpen && <RowDetails transfer={transfer} />}
    </div>
  )
}

function ProofLine({ stored: { size, key } }: { stored: Uploaded }) {
  return (
    <span class="proof-line">
      {' · '}
      <bdi>{t('proof.line', { size: formatBytes(size), key })}</bdi>
    </span>
  )
}

interface RowButtonsProps {
  transfer: Transfer
  isOpen: boolean
  onOpen: () => void
}

function RowButtons({ transfer, isOpen, onOpen }: RowButtonsProps) {
  const { phase, failure } = transfer.state.value
  const name = transfer.path
  const hasEnded = phase === 'done' || phase === 'failed' || phase === 'cancelled'
  const canRetry = hasEnded && (phase !== 'done' || failure)
  const inspect = () => {
    selected.value = selected.peek() === transfer ? undefined : transfer
  }
  const place = useRef<HTMLDivElement>(null)
  useKeptFocus(place, (buttons) => buttons.querySelector('button'))
  return (
    <div ref={place} class="row-buttons">
      {(phase === 'waiting' || phase === 'sending' || phase === 'offline') && (
        <IconButton icon="pause" label={t('row.pause', { name })} onClick={() => pause(transfer)} />
      )}
      {phase === 'paused' && (
        <IconButton
          icon="play"
          label={t('row.resume', { name })}
          onClick={() => resume(transfer)}
        />
      )}
      {canRetry && (
        <IconButton icon="retry" label={t('row.retry', { name })} onClick={() => retry(transfer)} />
      )}
      {hasEnded && phase !== 'cancelled' && (
        <IconButton
          icon="more"
          label={t('row.details', { name })}
          isPressed={isOpen}
          onClick={onOpen}
        />
      )}
      <IconButton
        icon="search"
        label={t('row.inspect', { name })}
        isPressed={selected.value === transfer}
        onClick={inspect}
      />
      {isActive(transfer) ? (
        <IconButton
          // Not the same button: who presses it twice must not remove what was cancelled.
          key="cancel"
          icon="close"
          label={t('row.cancel', { name })}
          onClick={() => void cancel(transfer)}
        />
      ) : (
        <IconButton
          key="remove"
          icon="close"
          label={t('row.remove', { name })}
          onClick={() => void remove(transfer)}
        />
      )}
    </div>
  )
}
