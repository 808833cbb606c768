import { parseJson } from '../answers'
import type { PartsJob } from '../job'
import { readBytes } from '../read-chunk'
import type { KeyValueStorage, UnfinishedUpload } from '../types'
import { type BegunUpload, isBegunUpload } from './begun'
import { claim } from './claim'

const STORED_AS = 'oss-direct:uploads'
const EDGE_BYTES = 1024
// What `fingerprintOf` has in its list, the edges of the file aside.
const FINGERPRINT = 8

/** Where one unfinished upload is kept. */
export interface Kept {
  load(): Promise<BegunUpload | undefined>
  keep(upload: BegunUpload): Promise<void>
  forget(): Promise<void>
  release(): void
}

const NOT_KEPT: Kept = {
  load: async () => undefined,
  keep: async () => {},
  forget: async () => {},
  release: () => {},
}

/**
 * Opens the place where the upload of this file is kept. Nothing is kept for a source without `lastModified`, which could be another
 * of the same size, nor where another page is uploading the same file.
 */
export async function openKept({ storage, ...job }: PartsJob): Promise<Kept> {
  if (!storage || job.source.lastModified === undefined) return NOT_KEPT
  const name = await fingerprintOf(job)
  const release = await claim(lockOf(name))
  if (!release) return NOT_KEPT
  const put = (upload?: BegunUpload) =>
    update(storage, (uploads) => {
      for (const [other, { expiresAt }] of Object.entries(uploads)) {
        if (expiresAt <= job.api.now()) delete uploads[other]
      }
      if (upload) uploads[name] = upload
      else delete uploads[name]
    })
  return {
    load: async () => {
      const upload = (await read(storage))[name]
      return upload && upload.expiresAt > job.api.now() ? upload : undefined
    },
    keep: put,
    forget: () => put(),
    release,
  }
}

/** The name by which pages claim an upload. */
export function lockOf(name: string): string {
  return `${STORED_AS}:${name}`
}

/** An unfinished upload, and what is known of its file. */
export interface Entry {
  name: string
  upload: BegunUpload
  file: Pick<
    UnfinishedUpload,
    'rule' | 'filename' | 'contentType' | 'name' | 'size' | 'lastModified'
  >
}

/** Reads what is kept. */
export async function readEntries(storage: KeyValueStorage): Promise<Entry[]> {
  return Object.entries(await read(storage)).flatMap(([name, upload]) => {
    const fingerprint = Object.values(parseJson(name))
    if (fingerprint.length < FINGERPRINT) return []
    const [rule, filename, contentType, , own, , size, lastModified] = fingerprint
    const file = {
      rule,
      filename,
      contentType,
      size,
      lastModified,
      ...(own !== null && { name: own }),
    }
    return { name, upload, file: file as Entry['file'] }
  })
}

/** Forgets an upload. */
export function removeEntry(storage: KeyValueStorage, name: string): Promise<void> {
  return update(storage, (uploads) => {
    delete uploads[name]
  })
}

type Uploads = Record<string, BegunUpload>

// One at a time, since a storage may be asynchronous and uploads share one entry.
let latest: Promise<unknown> = Promise.resolve()

function update(storage: KeyValueStorage, change: (uploads: Uploads) => void): Promise<void> {
  const next = latest.then(async () => {
    const uploads = await read(storage)
    change(uploads)
    try {
      if (Object.keys(uploads).length === 0) await storage.removeItem(STORED_AS)
      else await storage.setItem(STORED_AS, JSON.stringify(uploads))
    } catch {
      // Full or forbidden: the upload goes on, and starts anew after a reload.
    }
  })
  latest = next
  return next
}

async function read(storage: KeyValueStorage): Promise<Uploads> {
  try {
    const uploads = parseJson((await storage.getItem(STORED_AS)) ?? '')
    return Object.fromEntries(
      Object.entries(uploads).filter((entry): entry is [string, BegunUpload] =>
        isBegunUpload(entry[1]),
      ),
    )
  } catch {
    // Browsers that block site data throw at each access.
    return {}
  }
}

async function fingerprintOf(job: Omit<PartsJob, 'storage'>): Promise<string> {
  const { source, rule, filename, contentType, metadata } = job
  const { size, name, type, lastModified } = source
  const edges = await Promise.all([
    readBytes(source, 0, Math.min(EDGE_BYTES, size)),
    readBytes(source, Math.max(0, size - EDGE_BYTES), size),
  ])
  const request = [rule, filename, contentType, metadata]
  return JSON.stringify([...request, name, type, size, lastModified, ...edges.map(hashOf)])
}

// FNV-1a over two KiB at most: it need not resist anybody, since the caller chose the file.
function hashOf(bytes: Uint8Array = new Uint8Array()): number {
  let hash = 0x811c9dc5
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193)
  return hash >>> 0
}
