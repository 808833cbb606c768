import { useSignal } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'
import { formatBytes } from '../ui/format'
import { sentenceOf } from './failure'
import type { FileProps } from './file-props'
import { kindOf } from './kinds'
import { download } from './links'
import { lookAt, readText } from './look'
import { Message } from './message'

type PreviewProps = FileProps & { onClose: () => void }

/** What can be shown of a file. */
type Shown =
  | { state: 'loading' | 'gone' | 'not-an-image' | 'unknown' | 'nothing' | 'empty' }
  | { state: 'failed'; error: unknown }
  | { state: 'media'; url: string }
  | { state: 'text'; text: string; isAll: boolean }

/** A dialog that shows a stored file, as far as a browser can. */
export function Preview(props: PreviewProps) {
  const { oss, rule, file, note, onClose } = props
  const { key, name, size } = file
  const shown = useSignal<Shown>({ state: 'loading' })
  useEffect(() => {
    read(props).then(
      (found) => {
        shown.value = found
      },
      (error: unknown) => {
        shown.value = { state: 'failed', error }
      },
    )
  }, [oss, key])
  const fail = async (url: string) => {
    const found = await lookAt(url)
    shown.value = { state: found === 'there' ? 'not-an-image' : found }
    if (found !== 'unknown') note.value = { kind: found === 'gone' ? 'gone' : 'not-an-image' }
  }
  return (
    <Dialog title={name} onClose={onClose}>
      <div class="preview">
        <Content name={name} shown={shown.value} onError={fail} />
      </div>
      <footer class="preview-foot">
        <span class="note">
          {formatBytes(size)} · <bdi>{rule.name}</bdi>
        </span>
        {shown.value.state !== 'gone' && (
          <Button icon="download" onClick={() => download(props)}>
            {t('files.downloadShort')}
          </Button>
        )}
      </footer>
    </Dialog>
  )
}

async function read({ oss, rule, file, note }: PreviewProps): Promise<Shown> {
  const { key, name, size } = file
  if (size === 0) return { state: 'empty' }
  const kind = kindOf(name)
  const url = await oss.previewUrl(key, { rule: rule.name })
  // A picture is asked for too: the browser may still have it when OSS no longer does.
  const isText = kind === 'text'
  const { found, text } = isText ? await readText(url) : { found: await lookAt(url), text: '' }
  if (found === 'gone') note.value = { kind: 'gone' }
  if (found !== 'there') return { state: found }
  if (isText) return { state: 'text', text, isAll: new Blob([text]).size >= size }
  return kind === 'other' ? { state: 'nothing' } : { state: 'media', url }
}

interface ContentProps {
  name: string
  shown: Shown
  onError: (url: string) => void
}

function Content({ name, shown, onError }: ContentProps) {
  switch (shown.state) {
    case 'loading':
      return <p class="note">{t('files.loading')}</p>
    case 'media':
      return <Media name={name} url={shown.url} onError={() => onError(shown.url)} />
    case 'text':
      return (
        <>
          {/* biome-ignore lint/a11y/noNoninteractiveTabindex: who has no pointer scrolls it by keyboard. */}
          <pre dir="auto" tabIndex={0}>
            {shown.text}
          </pre>
          {!shown.isAll && <p class="note">{t('files.textCut')}</p>}
        </>
      )
    case 'gone':
      return <Message icon="alert" title={t('files.goneTitle')} text={t('files.gone')} />
    case 'not-an-image':
      return (
        <Message icon="alert" title={t('files.notAnImageTitle')} text={t('files.notAnImage')} />
      )
    case 'empty':
      return <Message icon="file" title={t('files.emptyFile')} text={t('files.emptyFileHint')} />
    case 'failed':
      return <Message icon="alert" title={t('files.failed')} text={sentenceOf(shown.error)} />
    case 'unknown':
      return <Message icon="alert" title={t('files.failed')} text={t('files.failed.network')} />
    default:
      return <Message icon="file" title={t('files.noPreview')} text={t('files.noPreviewHint')} />
  }
}

function Media({ name, url, onError }: { name: string; url: string; onError: () => void }) {
  const kind = kindOf(name)
  if (kind === 'image') return <img src={url} alt={name} onError={onError} />
  // biome-ignore lint/a11y/useMediaCaption: the captions of a user's own recording are not known.
  if (kind === 'audio') return <audio src={url} controls onError={onError} aria-label={name} />
  // biome-ignore lint/a11y/useMediaCaption: the captions of a user's own film are not known.
  return <video src={url} controls onError={onError} aria-label={name} />
}
