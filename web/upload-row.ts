import { announce, button, el } from './dom'
import type { Failure } from './failure'
import { formatBytes, percent } from './format'
import { MECHANISMS } from './mechanisms/mechanisms'
import type { Proof } from './proof'
import type { UploadJob, UploadState } from './upload'

export type RowActions = { cancel: () => void; retry: () => void; dismiss: () => void }

/** The list item of one upload; `show` displays a state. */
export type UploadRow = { element: HTMLLIElement; show: (state: UploadState) => void }

const BUTTONS: Record<UploadState['kind'], readonly (keyof RowActions)[]> = {
  waiting: ['cancel'],
  sending: ['cancel'],
  // OSS has every byte already, so the upload cannot be cancelled.
  proving: [],
  proven: ['dismiss'],
  failed: ['retry', 'dismiss'],
  cancelled: ['retry', 'dismiss'],
}

const LABELS: Record<keyof RowActions, string> = {
  cancel: 'Cancel',
  retry: 'Retry',
  dismiss: 'Dismiss',
}

/** Creates the row of a new upload. */
export function createUploadRow(job: UploadJob, actions: RowActions): UploadRow {
  const { file } = job
  const bar = el('progress', { max: '100', value: '0', 'aria-label': `Sent of ${file.name}` })
  const status = el('p', { class: 'status' })
  const outcome = el('div', { class: 'outcome' })
  const buttons = el('div', { class: 'buttons' })
  const element = el('li', {}, toHead(job), bar, status, outcome, buttons)
  const announceState = createAnnouncer(file.name)
  let shown = ''
  const show = (state: UploadState) => {
    const sentPercent = percentOf(state, file.size)
    if (sentPercent !== undefined) bar.value = sentPercent
    status.textContent = toStatus(state, file.size)
    announceState(state, sentPercent ?? 0)
    if (state.kind === shown) return
    shown = state.kind
    element.dataset.state = state.kind
    outcome.replaceChildren(...toOutcome(state))
    showButtons(buttons, state, { actions, name: file.name })
  }
  return { element, show }
}

function toHead({ file, rule, mechanism, sub }: UploadJob): HTMLElement {
  const facts = `${formatBytes(file.size)} · ${rule} · ${MECHANISMS[mechanism].label} · ${sub}`
  return el('div', { class: 'head' }, el('strong', {}, file.name), el('small', {}, facts))
}

function percentOf(state: UploadState, size: number): number | undefined {
  if (state.kind === 'waiting') return 0
  if (state.kind === 'sending') return percent(state.sentBytes, size)
  return state.kind === 'proving' || state.kind === 'proven' ? 100 : undefined
}

function toStatus(state: UploadState, size: number): string {
  if (state.kind === 'waiting') return 'Waiting for its turn'
  if (state.kind === 'proving') return 'Sent. OSS stores it and calls back …'
  if (state.kind === 'proven') return 'Stored, and proven by the callback'
  if (state.kind === 'cancelled') return 'Cancelled. Nothing was stored.'
  if (state.kind === 'failed') return state.failure.title
  const { sentBytes } = state
  return `${formatBytes(sentBytes)} of ${formatBytes(size)} · ${percent(sentBytes, size)} %`
}

/** Announces every quarter and every change of state, not every byte. */
function createAnnouncer(name: string): (state: UploadState, sentPercent: number) => void {
  let announced = ''
  return (state, sentPercent) => {
    const quarter = Math.floor(sentPercent / 25) * 25
    const stage = state.kind === 'sending' ? `${quarter} percent` : toStatus(state, 0)
    if (stage !== announced && state.kind !== 'waiting') announce(`${name}: ${stage}`)
    announced = stage
  }
}

function toOutcome(state: UploadState): HTMLElement[] {
  if (state.kind === 'proven') return [toProofList(state.proof)]
  return state.kind === 'failed' ? toReasons(state.failure) : []
}

function toProofList({ key, etag, contentType, size, status }: Proof): HTMLElement {
  const facts = { Key: key, Size: `${size} bytes`, Type: contentType, ETag: etag, Status: status }
  const items = Object.entries(facts).map(([term, fact]) =>
    el('div', {}, el('dt', {}, term), el('dd', {}, fact)),
  )
  return el('dl', { 'aria-label': 'What the callback proved' }, ...items)
}

function toReasons({ detail, code, requestId }: Failure): HTMLElement[] {
  const trace = [code, requestId && `request ${requestId}`].filter(Boolean).join(' · ')
  const reasons = detail ? [el('p', {}, detail)] : []
  return [...reasons, el('p', { class: 'trace' }, trace)]
}

function showButtons(
  holder: HTMLElement,
  state: UploadState,
  { actions, name }: { actions: RowActions; name: string },
): void {
  const hadFocus = holder.contains(document.activeElement)
  const shown = BUTTONS[state.kind].map((action) => {
    const each = button(LABELS[action], actions[action])
    each.setAttribute('aria-label', `${LABELS[action]} ${name}`)
    return each
  })
  holder.replaceChildren(...shown)
  if (hadFocus) shown[0]?.focus()
}
