import type { UnfinishedUpload } from '../../../client'
import type { Checkpoint } from './ali-oss'

const STORED_AS = 'oss-direct:sts'
// Longer than anybody lets an upload wait, and no longer than buckets usually keep its parts.
const KEPT_MS = 7 * 86_400_000

/** An upload by `ali-oss` that has begun and not ended. */
export interface KeptUpload extends Omit<UnfinishedUpload, 'abort'> {
  checkpoint: Checkpoint
}

/** What tells an upload from the others of a user. */
export type KeptName = Pick<KeptUpload, 'rule' | 'filename' | 'size' | 'lastModified'>

/** Returns the uploads that a user has begun in this browser and not ended. */
export function loadKept(sub: string): KeptUpload[] {
  try {
    const kept: KeptUpload[] = JSON.parse(localStorage.getItem(placeOf(sub)) ?? '[]')
    return kept.filter(({ expiresAt }) => Date.parse(expiresAt) > Date.now())
  } catch {
    // Nothing is stored, or another version of this page stored it.
    return []
  }
}

/** Returns the upload of this file that has begun. */
export function findKept(sub: string, name: KeptName): KeptUpload | undefined {
  return loadKept(sub).find((each) => isSame(each, name))
}

/** Keeps how far an upload is, so that it can go on after a reload. */
export function keep(sub: string, upload: Omit<KeptUpload, 'begunAt' | 'expiresAt'>): void {
  const begun = findKept(sub, upload)
  const times = begun ?? {
    begunAt: new Date().toISOString(),
    expiresAt: new Date(Date.now() + KEPT_MS).toISOString(),
  }
  const { begunAt, expiresAt } = times
  // A checkpoint holds its file, which is chosen again after a reload.
  const { uploadId, doneParts, ...others } = upload.checkpoint
  const checkpoint = { ...others, uploadId, doneParts, file: undefined }
  store(sub, [...othersThan(sub, upload), { ...upload, checkpoint, begunAt, expiresAt }])
}

/** Forgets an upload. */
export function forget(sub: string, name: KeptName): void {
  store(sub, othersThan(sub, name))
}

function othersThan(sub: string, name: KeptName): KeptUpload[] {
  return loadKept(sub).filter((each) => !isSame(each, name))
}

function store(sub: string, kept: readonly KeptUpload[]): void {
  try {
    if (kept.length === 0) localStorage.removeItem(placeOf(sub))
    else localStorage.setItem(placeOf(sub), JSON.stringify(kept))
  } catch {
    // Full or forbidden: the upload goes on, and starts anew after a reload.
  }
}

function isSame(one: KeptName, other: KeptName): boolean {
  return (
    one.rule === other.rule &&
    one.filename === other.filename &&
    one.size === other.size &&
    one.lastModified === other.lastModified
  )
}

function placeOf(sub: string): string {
  return `${STORED_AS}:${sub}`
}
