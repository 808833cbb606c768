import type { Caller } from './api'
import { countOf, type Fields, fromJson, textOf, toFields, toList } from './parse'

/** A proven upload that this browser stores. */
export type KeptUpload = {
  rule: string
  key: string
  name: string
  contentType: string
  size: number
}

export type Callers = { known: readonly Caller[]; chosen: string }

const CALLERS = 'oss-direct:callers'
const MAX_KEPT = 60

const FIRST_CALLERS: Callers = {
  known: [
    { sub: 'alice', pro: true },
    { sub: 'bob', pro: false },
  ],
  chosen: 'alice',
}

/** Loads the callers that have signed in on this browser; initially two. */
export function loadCallers(): Callers {
  const stored = toFields(fromJson(localStorage.getItem(CALLERS) ?? ''))
  const known = readList(stored.known, toCaller)
  const chosen = known.find(({ sub }) => sub === stored.chosen) ?? known[0]
  return chosen ? { known, chosen: chosen.sub } : FIRST_CALLERS
}

/** Stores the callers. */
export function saveCallers(callers: Callers): void {
  localStorage.setItem(CALLERS, JSON.stringify(callers))
}

/** Loads the proven uploads of a caller, latest first. */
export function loadUploads(sub: string): KeptUpload[] {
  return readList(fromJson(localStorage.getItem(uploadsOf(sub)) ?? ''), toUpload)
}

/**
 * Stores a proven upload and removes an earlier one of the same key, which OSS has replaced too.
 */
export function keepUpload(sub: string, upload: KeptUpload): void {
  saveUploads(sub, [upload, ...without(loadUploads(sub), upload.key)].slice(0, MAX_KEPT))
}

/** Removes an upload from the list; the object stays in OSS. */
export function forgetUpload(sub: string, key: string): void {
  saveUploads(sub, without(loadUploads(sub), key))
}

function saveUploads(sub: string, uploads: readonly KeptUpload[]): void {
  localStorage.setItem(uploadsOf(sub), JSON.stringify(uploads))
}

function without(uploads: readonly KeptUpload[], key: string): KeptUpload[] {
  return uploads.filter((upload) => upload.key !== key)
}

function uploadsOf(sub: string): string {
  return `oss-direct:uploads:${sub}`
}

function readList<T>(stored: unknown, read: (fields: Fields) => T): T[] {
  try {
    return toList(stored).map(toFields).map(read)
  } catch {
    // Stored by another version of this page: start with an empty list.
    return []
  }
}

function toCaller(fields: Fields): Caller {
  return { sub: textOf(fields, 'sub'), pro: fields.pro === true }
}

function toUpload(fields: Fields): KeptUpload {
  return {
    rule: textOf(fields, 'rule'),
    key: textOf(fields, 'key'),
    name: textOf(fields, 'name'),
    contentType: textOf(fields, 'contentType'),
    size: countOf(fields, 'size'),
  }
}
