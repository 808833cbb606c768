import { render } from 'preact'
import { FilesPanel } from './files/files-panel'
import { startLanguage } from './i18n/i18n'
import { InspectorPanel } from './inspector/inspector-panel'
import { Masthead } from './shell/masthead'
import { UploadPanel } from './upload/upload-panel'

function App() {
  return (
    <>
      <Masthead />
      <main>
        <UploadPanel />
        <InspectorPanel />
        <FilesPanel />
      </main>
    </>
  )
}

async function start(): Promise<void> {
  await startLanguage()
  const place = document.getElementById('app')
  if (!place) throw new Error('The page has no element #app')
  place.replaceChildren()
  render(<App />, place)
}

start().catch((error: unknown) => {
  document.body.append(String(error))
})
