import { useSignal } from '@preact/signals'
import { t } from '../i18n/i18n'
import { formatBytes, formatTime } from '../ui/format'
import { Icon } from '../ui/icon'
import { FileActions } from './file-actions'
import { FileNote } from './file-note'
import type { FileProps, Note } from './file-props'
import { kindOf } from './kinds'
import { Preview } from './preview'
import { removals } from './removals'
import { RemovedRow } from './removed-row'
import { Thumbnail } from './thumbnail'

/** One stored file: how it looks, what is known of it, what can be done with it. */
export function FileRow(row: Omit<FileProps, 'note'>) {
  const note = useSignal<Note | undefined>(undefined)
  const props = { ...row, note }
  const { oss, rule, file } = row
  const { key, name, size, lastModified } = file
  const isOpen = useSignal(false)
  const removal = removals.value.get(key)
  if (removal && removal.state !== 'failed') return <RemovedRow file={file} removal={removal} />
  const about = (
    <>
      {rule.download && kindOf(name) === 'image' ? (
        <Thumbnail oss={oss} rule={rule.name} file={file} note={note} />
      ) : (
        <span class="thumbnail">
          <Icon name="file" />
        </span>
      )}
      <span class="file-about">
        <span class="file-name">
          <bdi>{name}</bdi>
        </span>
        <small>
          {formatBytes(size)} · {formatTime(new Date(lastModified))}
        </small>
      </span>
    </>
  )
  const close = () => {
    isOpen.value = false
  }
  return (
    <li class={`file ${note.value?.kind ?? ''}`}>
      {rule.download ? (
        <button
          type="button"
          class="file-open"
          title={t('files.preview')}
          onClick={() => {
            isOpen.value = true
          }}
        >
          {about}
        </button>
      ) : (
        <div class="file-open">{about}</div>
      )}
      {note.value?.kind !== 'gone' && <FileActions {...props} />}
      <FileNote note={note} removal={removal} file={file} />
      {isOpen.value && <Preview {...props} onClose={close} />}
    </li>
  )
}
