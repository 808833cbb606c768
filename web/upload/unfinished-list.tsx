import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { user } from '../session/session'
import { Button, IconButton } from '../ui/button'
import { formatBytes, formatTime } from '../ui/format'
import { filesOf } from './given-files'
import { findHandle, forgetHandle, readHandle } from './handles'
import { addFiles, transfers } from './transfers'
import { drop, isOf, isSentBy, type Unfinished, unfinished } from './unfinished'

/** Lists the uploads that were interrupted, to go on with or to drop. */
export function UnfinishedList() {
  const uploads = unfinished.value.filter(
    (upload) => !transfers.value.some((transfer) => isSentBy(upload, transfer)),
  )
  if (uploads.length === 0) return null
  return (
    <section class="card unfinished" aria-label={t('unfinished')}>
      <h2>{t('unfinished')}</h2>
      <p class="note">{t('unfinished.advice')}</p>
      <ul>
        {uploads.map((upload) => (
          <UnfinishedRow key={upload.key} upload={upload} />
        ))}
      </ul>
    </section>
  )
}

function UnfinishedRow({ upload }: { upload: Unfinished }) {
  const input = useRef<HTMLInputElement>(null)
  const [isOther, setOther] = useState(false)
  const handle = useHandle(upload)
  const { filename: name, size, begunAt, lastModified } = upload
  const take = (file: File | undefined, from?: FileSystemFileHandle) => {
    if (!file) return input.current?.click()
    setOther(!isOf(upload, file))
    if (isOf(upload, file)) addFiles([{ file, path: name, ...(from && { handle: from }) }])
  }
  const goOn = async () => take(handle && (await readHandle(handle, { asks: true })), handle)
  const discard = () => {
    void forgetHandle(nameOf(upload))
    void drop(upload)
  }
  const begun = { size: formatBytes(size), time: formatTime(Date.parse(begunAt)) }
  const words = handle ? 'unfinished.goOn' : 'unfinished.choose'
  return (
    <li>
      <div class="words">
        <bdi class="name">{name}</bdi>
        <span class="note">{t('unfinished.begun', begun)}</span>
        {isOther && (
          <p class="problem" role="alert">
            {t('unfinished.other', { name, time: formatTime(lastModified) })}
          </p>
        )}
      </div>
      <Button label={t(words, { name })} onClick={() => void goOn()}>
        {t(`${words}Short`)}
      </Button>
      <IconButton icon="trash" label={t('unfinished.discard', { name })} onClick={discard} />
      <input
        ref={input}
        type="file"
        hidden
        aria-label={t('unfinished.choose', { name })}
        onChange={({ currentTarget }) => take(filesOf(currentTarget)[0]?.file)}
      />
    </li>
  )
}

/** Returns the kept handle of the file; goes on at once where the browser still lets the page read it. */
function useHandle(upload: Unfinished): FileSystemFileHandle | undefined {
  const [handle, setHandle] = useState<FileSystemFileHandle>()
  useEffect(() => {
    const find = async () => {
      const found = await findHandle(nameOf(upload))
      const file = found && (await readHandle(found, { asks: false }))
      if (file && isOf(upload, file)) addFiles([{ file, path: upload.filename, handle: found }])
      else setHandle(found)
    }
    void find()
  }, [upload.key])
  return handle
}

function nameOf({ rule, filename, size, lastModified }: Unfinished) {
  return { sub: user.peek().sub, rule, path: filename, size, lastModified }
}
