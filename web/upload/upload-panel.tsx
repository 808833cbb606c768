/** The part of the page for upload. */
export function UploadPanel() {
  return <section class="upload-panel" />
}
