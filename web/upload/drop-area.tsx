import { useEffect, useRef, useState } from 'preact/hooks'
import { t } from '../i18n/i18n'
import { allowed } from '../session/session'
import { Button } from '../ui/button'
import { Icon } from '../ui/icon'
import { describeLimits } from './accepted'
import { droppedFiles, filesOf, pastedFiles } from './given-files'
import { pickFiles } from './pick-files'
import { acceptOf, chosenRule } from './settings'
import { addFiles } from './transfers'

/** Takes files: dropped anywhere on the page, chosen, pasted, from a folder or a camera. */
export function DropArea({ isSmall }: { isSmall: boolean }) {
  const isOver = useDrops()
  const rule = chosenRule.value
  if (!rule && allowed.value.kind === 'known') return <NothingAllowed />
  const classes = ['drop-area', isSmall && 'small', isOver && 'over'].filter(Boolean).join(' ')
  return (
    <div class={classes}>
      <span class="drop-mark">
        <Icon name="upload" />
      </span>
      <h2>{t('drop.here')}</h2>
      <Choosers isSmall={isSmall} />
      <p class="hint">{rule && t('drop.hint', { limits: describeLimits(rule) })}</p>
    </div>
  )
}

function NothingAllowed() {
  return (
    <div class="drop-area">
      <h2>{t('drop.none')}</h2>
      <p class="hint">{t('drop.none.advice')}</p>
    </div>
  )
}

function Choosers({ isSmall }: { isSmall: boolean }) {
  const files = useRef<HTMLInputElement>(null)
  const folder = useRef<HTMLInputElement>(null)
  const camera = useRef<HTMLInputElement>(null)
  const accept = acceptOf(chosenRule.value)
  const takesPictures = !accept || /image\//.test(accept)
  const give = ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
    addFiles(filesOf(currentTarget))
  const choose = () => pickFiles(accept, () => files.current?.click())
  // An attribute of browsers that is in no standard, but in all of them.
  const asFolder = { webkitdirectory: true }
  return (
    <div class="choosers">
      <Button kind="primary" onClick={choose}>
        {isSmall ? t('drop.more') : t('drop.choose')}
      </Button>
      <Button icon="folder" onClick={() => folder.current?.click()}>
        {t('drop.folder')}
      </Button>
      {takesPictures && (
        <span class="on-touch">
          <Button icon="camera" onClick={() => camera.current?.click()}>
            {t('drop.camera')}
          </Button>
        </span>
      )}
      <input ref={files} id="files" type="file" hidden multiple accept={accept} onChange={give} />
      <input ref={folder} id="folder" type="file" hidden {...asFolder} onChange={give} />
      <input
        ref={camera}
        id="camera"
        type="file"
        hidden
        accept="image/*"
        capture="environment"
        onChange={give}
      />
    </div>
  )
}

/** Takes what is dropped or pasted on the page; returns whether something is held over it. */
function useDrops(): boolean {
  const [isOver, setOver] = useState(false)
  useEffect(() => {
    const ends = new AbortController()
    const options = { signal: ends.signal }
    // On the document: a file dropped beside the area would replace the page.
    document.addEventListener(
      'dragover',
      (event) => {
        event.preventDefault()
        setOver(event.dataTransfer?.types.includes('Files') ?? false)
      },
      options,
    )
    document.addEventListener(
      'dragleave',
      ({ relatedTarget }) => {
        if (!relatedTarget) setOver(false)
      },
      options,
    )
    document.addEventListener(
      'drop',
      async (event) => {
        event.preventDefault()
        setOver(false)
        if (event.dataTransfer) addFiles(await droppedFiles(event.dataTransfer))
      },
      options,
    )
    document.addEventListener(
      'paste',
      ({ clipboardData }) => {
        if (clipboardData?.files.length) addFiles(pastedFiles(clipboardData, new Date()))
      },
      options,
    )
    return () => ends.abort()
  }, [])
  return isOver
}
