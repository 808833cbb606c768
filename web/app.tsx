import { render } from 'preact'
import { FilesPanel } from './files/files-panel'
import { startLanguage } from './i18n/i18n'
import { startSession } from './session/session'
import { Inspector } from './shell/inspector'
import { Masthead } from './shell/masthead'
import { startAnnouncements } from './upload/announcements'
import { startPace } from './upload/totals'
import { startTransfers } from './upload/transfers'
import { startUnfinished } from './upload/unfinished'
import { UploadPanel } from './upload/upload-panel'

function App() {
  return (
    <>
      <Masthead />
      <main>
        <UploadPanel />
        <Inspector />
        <FilesPanel />
      </main>
    </>
  )
}

async function start(): Promise<void> {
  await startLanguage()
  startSession()
  startTransfers()
  startUnfinished()
  startPace()
  startAnnouncements()
  const place = document.getElementById('app')
  if (!place) throw new Error('The page has no element #app')
  place.replaceChildren()
  render(<App />, place)
}

start().catch((error: unknown) => {
  document.body.append(String(error))
})
