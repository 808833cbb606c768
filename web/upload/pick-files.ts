import { addFiles } from './transfers'

// Chromium's; not in the types of the platform yet.
interface Picker {
  showOpenFilePicker?: (options: {
    multiple: boolean
    types?: { accept: Record<string, string[]> }[]
  }) => Promise<FileSystemFileHandle[]>
}

/** Lets the user choose files: with handles, by which they can be read again after a reload, where the browser has them. */
export async function pickFiles(accept: string | undefined, fallBack: () => void): Promise<void> {
  const { showOpenFilePicker } = globalThis as Picker
  // Without names of their own, types such as `image/*` are all that this chooser understands.
  if (!showOpenFilePicker) return fallBack()
  const patterns = accept?.split(',').map((type) => [type, []] as [string, string[]])
  const types = patterns && [{ accept: Object.fromEntries(patterns) }]
  try {
    const handles = await showOpenFilePicker({ multiple: true, ...(types && { types }) })
    const files = await Promise.all(handles.map((handle) => handle.getFile()))
    addFiles(files.map((file, index) => toGiven(file, handles[index])))
  } catch (error) {
    const isClosed = error instanceof DOMException && error.name === 'AbortError'
    if (!isClosed) fallBack()
  }
}

function toGiven(file: File, handle: FileSystemFileHandle | undefined) {
  return { file, path: file.name, ...(handle && { handle }) }
}
