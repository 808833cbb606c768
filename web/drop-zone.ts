import { byId } from './dom'

/** Calls `onFiles` with the files that the user chooses or drops on the page. */
export function watchFiles(onFiles: (files: readonly File[]) => void): void {
  const input = byId('file', HTMLInputElement)
  input.addEventListener('change', () => {
    const files = [...(input.files ?? [])]
    // Reset, so that the same file can be chosen again.
    input.value = ''
    onFiles(files)
  })
  const zone = byId('drop-zone', HTMLElement)
  // Listens on the document: a file dropped beside the zone would replace the page.
  document.addEventListener('dragover', (event) => {
    event.preventDefault()
    zone.classList.add('over')
  })
  document.addEventListener('dragleave', (event) => {
    if (!event.relatedTarget) zone.classList.remove('over')
  })
  document.addEventListener('drop', (event) => {
    event.preventDefault()
    zone.classList.remove('over')
    onFiles([...(event.dataTransfer?.files ?? [])])
  })
}
