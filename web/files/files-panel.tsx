/** The part of the page for files. */
export function FilesPanel() {
  return <section class="files-panel" />
}
