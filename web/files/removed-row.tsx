import { useEffect, useRef } from 'preact/hooks'
import type { StoredFile } from '../../client'
import { t } from '../i18n/i18n'
import { Icon } from '../ui/icon'
import { keep, type Removal, SECONDS_TO_UNDO } from './removals'

/** A file that is about to be deleted, with the way back. */
export function RemovedRow({ file, removal }: { file: StoredFile; removal: Removal }) {
  const undo = useRef<HTMLButtonElement>(null)
  // The button that was pressed is gone: who goes on by keyboard goes on here.
  useEffect(() => {
    undo.current?.focus()
    return () => {
      if (document.activeElement === document.body) document.getElementById('files-title')?.focus()
    }
  }, [])
  const isSending = removal.state === 'sending'
  return (
    <li class="file removed">
      <span class="file-open">
        <span class="thumbnail">
          <Icon name="trash" />
        </span>
        <span class="file-about">
          <span class="file-name">
            <bdi>{file.name}</bdi>
          </span>
          <small role="status">
            {isSending ? t('files.deleting') : t('files.willDelete', { seconds: SECONDS_TO_UNDO })}
          </small>
        </span>
      </span>
      <span class="file-actions">
        <button
          type="button"
          class="button plain"
          ref={undo}
          aria-label={t('files.undoLabel', { name: file.name })}
          aria-disabled={isSending}
          onClick={() => keep(file.key)}
        >
          {t('files.undo')}
        </button>
      </span>
    </li>
  )
}
