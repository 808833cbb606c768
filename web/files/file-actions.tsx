import { useRef } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { IconButton } from '../ui/button'
import { replaceFile } from '../upload/transfers'
import type { FileProps } from './file-props'
import { copyLink, download } from './links'
import { removeLater } from './removals'
import { countStored } from './stored-keys'

/** The buttons of a stored file, as far as its rule allows what they do. */
export function FileActions(props: FileProps) {
  const { oss, rule, file, path, note } = props
  const { key, name } = file
  const chooser = useRef<HTMLInputElement>(null)
  const remove = () => {
    const before = countStored(key)
    const isReplaced = () => countStored(key) > before
    removeLater(oss, { key, rule: rule.name, isReplaced })
  }
  return (
    <span class="file-actions">
      {rule.download && (
        <>
          <IconButton
            icon="copy"
            label={t('files.copyLink', { name })}
            onClick={() => copyLink(props)}
          />
          <IconButton
            icon="download"
            label={t('files.download', { name })}
            onClick={() => download(props)}
          />
        </>
      )}
      {rule.upload?.overwrite && (
        <>
          <IconButton
            icon="upload"
            label={t('files.replace', { name })}
            onClick={() => chooser.current?.click()}
          />
          <input
            ref={chooser}
            type="file"
            hidden
            accept={rule.upload.contentTypes.join()}
            onChange={({ currentTarget }) => {
              const [chosen] = currentTarget.files ?? []
              if (chosen) replaceFile(chosen, { rule: rule.name, filename: name, path })
              currentTarget.value = ''
              note.value = undefined
            }}
          />
        </>
      )}
      {rule.remove && (
        <IconButton icon="trash" label={t('files.delete', { name })} onClick={remove} />
      )}
    </span>
  )
}
