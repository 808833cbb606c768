import type { CallFunction } from './api'
import { button, byId, el } from './dom'
import { toFailure } from './failure'
import { formatBytes } from './format'
import { createSignedView, isImage, type SignedView } from './signed-view'
import { forgetUpload, type KeptUpload, loadUploads } from './storage'

/** Shows a caller's uploads from this browser, each with a signed URL to view or save it. */
export function showFiles(sub: string, call: CallFunction): void {
  byId('files-owner', HTMLElement).textContent = sub
  const cards = loadUploads(sub).map((upload) => toCard(upload, { sub, call }))
  byId('files', HTMLUListElement).replaceChildren(...cards)
  showEmpty()
}

/** Adds an upload to the list and removes an earlier one of the same key. */
export function addFile(
  upload: KeptUpload,
  { sub, call }: { sub: string; call: CallFunction },
): void {
  const list = byId('files', HTMLUListElement)
  const earlier = [...list.children].find((card) => card.getAttribute('data-key') === upload.key)
  earlier?.remove()
  list.prepend(toCard(upload, { sub, call }))
  showEmpty()
}

function showEmpty(): void {
  byId('files-empty', HTMLElement).hidden = byId('files', HTMLUListElement).childElementCount > 0
}

function toCard(
  upload: KeptUpload,
  { sub, call }: { sub: string; call: CallFunction },
): HTMLLIElement {
  const { key, name, size, rule } = upload
  const view = createSignedView(upload, call)
  const note = el('p', { class: 'note' })
  const link = toLink(upload, view, note)
  const remove = button('Forget', () => {
    forgetUpload(sub, key)
    card.remove()
    showEmpty()
    byId('file', HTMLInputElement).focus()
  })
  remove.setAttribute('aria-label', `Forget ${name}`)
  const card = el(
    'li',
    { 'data-key': key },
    link,
    el('p', { class: 'facts' }, `${formatBytes(size)} · ${rule}`),
    note,
    el('div', { class: 'buttons' }, remove),
  )
  return card
}

function toLink(upload: KeptUpload, view: SignedView, note: HTMLElement): HTMLAnchorElement {
  const { name } = upload
  const picture = isImage(upload) ? toImage(name, view, note) : toTile(name)
  const link = el('a', {}, el('span', { class: 'picture' }, picture), el('span', {}, name))
  if (isImage(upload)) {
    link.target = '_blank'
    link.rel = 'noreferrer'
  }
  const refresh = () => showUrl(view, note, (url) => link.setAttribute('href', url))
  for (const event of ['pointerenter', 'focus']) {
    link.addEventListener(event, () => {
      if (!view.isFresh()) refresh()
    })
  }
  link.addEventListener('click', (event) => {
    if (view.isFresh()) return
    event.preventDefault()
    refresh().then((isShown) => isShown && link.click())
  })
  refresh()
  return link
}

function toImage(name: string, view: SignedView, note: HTMLElement): HTMLImageElement {
  const image = el('img', { alt: name, loading: 'lazy', decoding: 'async' })
  const show = () => showUrl(view, note, (url) => image.setAttribute('src', url))
  image.addEventListener('error', () => {
    if (view.isFresh()) note.textContent = 'The file no longer exists or cannot be displayed.'
    else show()
  })
  show()
  return image
}

function toTile(name: string): HTMLElement {
  const extension = /\.([A-Za-z0-9]{1,5})$/.exec(name)?.[1] ?? 'file'
  return el('span', { class: 'tile', 'aria-hidden': 'true' }, extension.toUpperCase())
}

async function showUrl(
  view: SignedView,
  note: HTMLElement,
  show: (url: string) => void,
): Promise<boolean> {
  try {
    show(await view.url())
    note.textContent = ''
    return true
  } catch (error) {
    const { title, detail } = toFailure(error)
    note.textContent = `${title}. ${detail}`
    return false
  }
}
