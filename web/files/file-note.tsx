import type { Signal } from '@preact/signals'
import type { StoredFile } from '../../client'
import { t } from '../i18n/i18n'
import { Button } from '../ui/button'
import { sentenceOf } from './failure'
import type { Note } from './file-props'
import { keep, type Removal } from './removals'

interface FileNoteProps {
  note: Signal<Note | undefined>
  removal: Removal | undefined
  file: StoredFile
}

/** Says below a file what came of the latest action. */
export function FileNote({ note, removal, file }: FileNoteProps) {
  return (
    <div class="file-note" role="status">
      {removal?.state === 'failed' && (
        <p class="bad">
          {t('files.notDeleted')} {sentenceOf(removal.error)}{' '}
          <Button kind="link" onClick={() => keep(file.key)}>
            {t('files.understood')}
          </Button>
        </p>
      )}
      {note.value && <Words note={note.value} />}
    </div>
  )
}

function Words({ note }: { note: Note }) {
  switch (note.kind) {
    case 'link':
      return <Link {...note} />
    case 'gone':
      return <p class="bad">{t('files.gone')}</p>
    case 'not-an-image':
      return <p>{t('files.notAnImage')}</p>
    case 'no-answer':
      return <p class="bad">{t('files.failed.network')}</p>
    default:
      return <p class="bad">{sentenceOf(note.error)}</p>
  }
}

function Link({ expiresAt, seconds, url }: { expiresAt: string; seconds: number; url?: string }) {
  const lifetime = { minutes: Math.round(seconds / 60), until: new Date(expiresAt) }
  if (url === undefined) return <p class="good">{t('files.linkCopied', lifetime)}</p>
  return (
    <>
      <p>{t('files.linkShown', lifetime)}</p>
      <input
        type="text"
        readOnly
        dir="ltr"
        value={url}
        aria-label={t('files.link')}
        onFocus={({ currentTarget }) => currentTarget.select()}
      />
    </>
  )
}
