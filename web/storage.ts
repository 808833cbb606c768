import type { Caller } from './api'
import { countOf, type Fields, fromJson, textOf, toFields, toList } from './parse'

/** A proven upload as this browser remembers it. */
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

/** The callers that have signed in on this browser, two to begin with. */
export function loadCallers(): Callers {
  const stored = toFields(fromJson(localStorage.getItem(CALLERS) ?? ''))
  const known = readList(stored.known, toCaller)
  const chosen = known.find(({ sub }) => sub === stored.chosen) ?? known[0]
  return chosen ? { known, chosen: chosen.sub } : FIRST_CALLERS
}

/** Remembers who has signed in. */
export function saveCallers(callers: Callers): void {
  localStorage.setItem(CALLERS, JSON.stringify(callers))
}

/** The proven uploads of a caller, latest first. */
export function loadUploads(sub: string): KeptUpload[] {
  return readList(fromJson(localStorage.getItem(uploadsOf(sub)) ?? ''), toUpload)
}

/** Remembers a proven upload; an earlier one of the same key is gone in OSS as well. */
export function keepUpload(sub: string, upload: KeptUpload): void {
  saveUploads(sub, [upload, ...without(loadUploads(sub), upload.key)].slice(0, MAX_KEPT))
}

/** Forgets an upload of this key; the object stays in OSS. */
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
    // Left there by another version of this page: start afresh.
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
