import type { GivenFile } from './transfers'

// What file managers leave in folders.
const JUNK = ['.DS_Store', 'Thumbs.db', 'desktop.ini']

/** Returns the files of a file input, with their folders where a folder was chosen. */
export function filesOf(input: HTMLInputElement): GivenFile[] {
  const files = [...(input.files ?? [])]
  // Reset, so that the same file can be chosen again.
  input.value = ''
  return files
    .map((file) => ({ file, path: file.webkitRelativePath || file.name }))
    .filter(({ file }) => !JUNK.includes(file.name))
}

/** Returns the files of the clipboard; a picture that was copied gets a name of its own. */
export function pastedFiles({ files }: DataTransfer, now: Date): GivenFile[] {
  return [...files].map((file) => {
    const isPicture = /^image\.\w+$/.test(file.name)
    const time = now.toISOString().slice(0, 19).replaceAll(/[:T]/g, '-')
    return { file, path: isPicture ? file.name.replace('image', `pasted-${time}`) : file.name }
  })
}

/** Returns the files that were dropped, those in dropped folders with their paths. */
export async function droppedFiles({ items }: DataTransfer): Promise<GivenFile[]> {
  // All at once: the list is emptied when the event ends.
  const dropped = [...items].filter(({ kind }) => kind === 'file').map(takeItem)
  const found = await Promise.all(dropped.map(readItem))
  return found.flat()
}

interface Item {
  file: File | null
  entry: FileSystemEntry | null
  handle: Promise<FileSystemHandle | null> | undefined
}

// Chromium's; not in the types of the platform yet.
type WithHandle = { getAsFileSystemHandle?: () => Promise<FileSystemHandle | null> }

function takeItem(item: DataTransferItem): Item {
  return {
    file: item.getAsFile(),
    entry: item.webkitGetAsEntry(),
    handle: (item as WithHandle).getAsFileSystemHandle?.().catch(() => null),
  }
}

async function readItem({ file, entry, handle }: Item): Promise<GivenFile[]> {
  if (entry?.isDirectory) return readFolder(entry as FileSystemDirectoryEntry)
  if (!file) return []
  const known = await handle
  return [
    {
      file,
      path: file.name,
      ...(known?.kind === 'file' && { handle: known as FileSystemFileHandle }),
    },
  ]
}

async function readFolder(folder: FileSystemDirectoryEntry): Promise<GivenFile[]> {
  const found: GivenFile[] = []
  for (const entry of await entriesOf(folder)) {
    if (entry.isDirectory) found.push(...(await readFolder(entry as FileSystemDirectoryEntry)))
    else if (!JUNK.includes(entry.name)) {
      const file = await new Promise<File>((resolve, reject) =>
        (entry as FileSystemFileEntry).file(resolve, reject),
      )
      found.push({ file, path: entry.fullPath.slice(1) })
    }
  }
  return found
}

async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    // A browser returns some at a time, and none at the end (File and Directory Entries API).
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    )
    if (some.length === 0) return all
    all.push(...some)
  }
}
