import { byId } from './dom'
import { watchFiles } from './drop-zone'
import { toFailure } from './failure'
import { addFile, showFiles } from './gallery'
import { createQueue } from './queue'
import { loadRules } from './rules'
import { startSettings } from './settings'
import { keepUpload } from './storage'
import { runUpload, type UploadJob, type UploadState } from './upload'
import { createUploadRow } from './upload-row'

const AT_ONCE = 3

const enqueue = createQueue(AT_ONCE)
const settings = loadRules().then((rules) =>
  startSettings(rules, ({ sub, call }) => showFiles(sub, call)),
)
settings.catch((error: unknown) => {
  byId('choice', HTMLElement).textContent = `${toFailure(error).title}: reload the page`
})
// Files chosen before the rules are loaded wait for them.
watchFiles(async (files) => {
  const { sub, call, rule, mechanism } = (await settings)()
  for (const file of files) startUpload({ sub, call, rule, mechanism, file })
})

function startUpload(job: UploadJob): void {
  let stop = new AbortController()
  const row = createUploadRow(job, {
    cancel: () => stop.abort(),
    retry: () => run(),
    dismiss: () => dismiss(row.element),
  })
  const run = () => {
    stop = new AbortController()
    runUpload(job, { enqueue, signal: stop.signal, report })
  }
  const report = (state: UploadState) => {
    row.show(state)
    if (state.kind === 'proven') keep(job, state)
  }
  byId('uploads', HTMLOListElement).prepend(row.element)
  byId('uploads-section', HTMLElement).hidden = false
  run()
}

async function keep(
  job: UploadJob,
  { proof }: Extract<UploadState, { kind: 'proven' }>,
): Promise<void> {
  const { sub, call, rule, file } = job
  const { key, contentType, size } = proof
  const upload = { rule, key, name: file.name, contentType, size }
  keepUpload(sub, upload)
  if ((await settings)().sub === sub) addFile(upload, { sub, call })
}

function dismiss(row: HTMLElement): void {
  row.remove()
  byId('uploads-section', HTMLElement).hidden = !byId('uploads', HTMLElement).hasChildNodes()
  byId('file', HTMLInputElement).focus()
}
