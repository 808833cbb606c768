import { useEffect, useState } from 'preact/hooks'
import { Icon } from '../ui/icon'
import { drawThumbnail } from './draw-thumbnail'
import { splitPath } from './taken-names'

/** Shows a picture by a small copy of itself, and any other file by its extension. */
export function Thumbnail({ file }: { file: File }) {
  const [url, setUrl] = useState<string>()
  const isPicture = file.type.startsWith('image/')
  useEffect(() => {
    if (!isPicture) return
    const ended = new AbortController()
    let made: string | undefined
    const draw = async () => {
      made = await drawThumbnail(file, ended.signal)
      if (made && ended.signal.aborted) URL.revokeObjectURL(made)
      else setUrl(made)
    }
    void draw()
    return () => {
      ended.abort()
      if (made) URL.revokeObjectURL(made)
    }
  }, [file])
  return (
    <span class="thumbnail" aria-hidden="true">
      {url ? <img src={url} alt="" width="48" height="48" /> : <Kind file={file} />}
    </span>
  )
}

function Kind({ file }: { file: File }) {
  const { name } = splitPath(file.name)
  const extension = /\.([a-z0-9]{1,4})$/i.exec(name)?.[1]
  return extension ? <span class="kind">{extension}</span> : <Icon name="file" />
}
