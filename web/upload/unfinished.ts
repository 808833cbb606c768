import { effect, signal } from '@preact/signals'
import type { OssDirect, UnfinishedUpload } from '../../client'
import { client, clientFor, user } from '../session/session'
import { onOtherTab } from '../session/storage'
import { listUnfinishedBySts } from './sts/unfinished-by-sts'
import type { Transfer } from './transfer'

/** An upload in parts that has not ended, and how it travels. */
export interface Unfinished extends UnfinishedUpload {
  way: 'parts' | 'sts'
}

/** The uploads in parts that the user began, that have not ended and that do not go on, here or in another tab. */
export const unfinished = signal<readonly Unfinished[]>([])

/** Looks for unfinished uploads at the start, when another user signs in, and when another tab begins or ends one. */
export function startUnfinished(): void {
  effect(() => {
    client.value
    unfinished.value = []
    void refreshUnfinished()
  })
  onOtherTab('oss-direct:uploads', () => void refreshUnfinished())
  onOtherTab('oss-direct:sts', () => void refreshUnfinished())
  addEventListener('focus', () => void refreshUnfinished())
}

/** Looks for unfinished uploads again. */
export async function refreshUnfinished(): Promise<void> {
  const asker = client.peek()
  const found = await findOf(user.peek().sub, asker)
  if (asker === client.peek()) unfinished.value = found
}

/** Returns the unfinished upload of this file. */
export function findUnfinished(file: File): Unfinished | undefined {
  return unfinished.peek().find((upload) => isOf(upload, file))
}

/** Whether an unfinished upload is of this file: the client compares its bytes as well. */
export function isOf(upload: UnfinishedUpload, { name, size, lastModified }: File): boolean {
  return (
    upload.size === size &&
    upload.lastModified === lastModified &&
    (upload.name ?? upload.filename) === name
  )
}

/** Whether a transfer sends this unfinished upload, or did. */
export function isSentBy(upload: UnfinishedUpload, transfer: Transfer): boolean {
  return isFor(upload, transfer) && transfer.user.sub === user.value.sub
}

// Of the same user, whose uploads are kept apart from those of others.
function isFor(upload: UnfinishedUpload, { rule, path, file }: Transfer): boolean {
  return upload.rule === rule && upload.filename === path && isOf(upload, file)
}

/** Deletes the parts of an unfinished upload from OSS. */
export async function drop(upload: Unfinished): Promise<void> {
  unfinished.value = unfinished.peek().filter((each) => each !== upload)
  await upload.abort()
  await refreshUnfinished()
}

/** Deletes the parts that a transfer left in OSS. */
export async function dropUnfinishedOf(transfer: Transfer): Promise<void> {
  const { user: owner } = transfer
  for (const upload of await findOf(owner.sub, clientFor(owner))) {
    if (isFor(upload, transfer)) await upload.abort()
  }
  await refreshUnfinished()
}

async function findOf(sub: string, asker: OssDirect): Promise<Unfinished[]> {
  const byClient = await asker.unfinished()
  const bySts = await listUnfinishedBySts(sub, asker)
  return [
    ...byClient.map((upload) => ({ ...upload, way: 'parts' as const })),
    ...bySts.map((upload) => ({ ...upload, way: 'sts' as const })),
  ]
}
