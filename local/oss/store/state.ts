import type { BucketSettings, Change, ObjectRecord, PartRecord, UploadHead } from './records'
import { SortedKeys } from './sorted-keys'

/** A multipart upload in progress. */
export type Upload = UploadHead & { parts: Map<number, PartRecord> }

/** A bucket in memory. */
export type Bucket = {
  name: string
  settings: BucketSettings
  objects: Map<string, ObjectRecord>
  keys: SortedKeys
  uploads: Map<string, Upload>
}

/** The complete state of the store, by bucket name. */
export type State = Map<string, Bucket>

type Applied = { [Type in Change['type']]: (state: State, change: ChangeOf<Type>) => string[] }
type ChangeOf<Type extends Change['type']> = Extract<Change, { type: Type }>

const APPLY: Applied = {
  bucket: (state, { bucket: name, settings }) => {
    const known = state.get(name)
    if (known) known.settings = settings
    else state.set(name, createBucket(name, settings))
    return []
  },
  'delete-bucket': (state, { bucket }) => {
    state.delete(bucket)
    return []
  },
  put: (state, { bucket, record }) => putObject(state.get(bucket), record),
  append: (state, { bucket, key, segment, grown }) => {
    const objects = state.get(bucket)?.objects
    const former = objects?.get(key)
    // The list is shared with the former record, whose size limits the part that belongs to it.
    former?.segments.push(segment)
    if (former) objects?.set(key, { ...former, ...grown })
    return []
  },
  delete: (state, { bucket, key }) => deleteObject(state.get(bucket), key),
  initiate: (state, { bucket, upload }) => {
    state.get(bucket)?.uploads.set(upload.id, { ...upload, parts: new Map() })
    return []
  },
  part: (state, { bucket, uploadId, part }) => {
    const parts = state.get(bucket)?.uploads.get(uploadId)?.parts
    const former = parts?.get(part.number)
    parts?.set(part.number, part)
    return former ? [former.blob] : []
  },
  complete: (state, { bucket, uploadId, record }) => {
    const used = new Set(record.segments.map(({ blob }) => blob))
    const unused = endUpload(state.get(bucket), uploadId).filter((blob) => !used.has(blob))
    return [...unused, ...putObject(state.get(bucket), record)]
  },
  abort: (state, { bucket, uploadId }) => endUpload(state.get(bucket), uploadId),
}

/** Applies one change; returns the blobs that are no longer referenced. */
export function applyChange(state: State, change: Change): string[] {
  // The table has one function for each type; TypeScript can't correlate the two unions.
  const apply = APPLY[change.type] as (state: State, change: Change) => string[]
  return apply(state, change)
}

/** Yields the changes that produce this state from an empty one. */
export function* toChanges(state: State): Generator<Change> {
  for (const { name: bucket, settings, objects, uploads } of state.values()) {
    yield { type: 'bucket', bucket, settings }
    for (const record of objects.values()) yield { type: 'put', bucket, record }
    for (const { parts, ...upload } of uploads.values()) {
      yield { type: 'initiate', bucket, upload }
      for (const part of parts.values()) {
        yield { type: 'part', bucket, uploadId: upload.id, part }
      }
    }
  }
}

/** Yields every blob that the state references. */
export function* usedBlobs(state: State): Generator<string> {
  for (const { objects, uploads } of state.values()) {
    for (const { segments } of objects.values()) for (const { blob } of segments) yield blob
    for (const { parts } of uploads.values()) for (const { blob } of parts.values()) yield blob
  }
}

function createBucket(name: string, settings: BucketSettings): Bucket {
  return { name, settings, objects: new Map(), keys: new SortedKeys(), uploads: new Map() }
}

function putObject(bucket: Bucket | undefined, record: ObjectRecord): string[] {
  if (!bucket) return []
  const kept = new Set(record.segments.map(({ blob }) => blob))
  const former = bucket.objects.get(record.key)
  if (!former) bucket.keys.add(record.key)
  bucket.objects.set(record.key, record)
  return former ? blobsOf(former).filter((blob) => !kept.has(blob)) : []
}

function deleteObject(bucket: Bucket | undefined, key: string): string[] {
  const former = bucket?.objects.get(key)
  if (!bucket || !former) return []
  bucket.objects.delete(key)
  bucket.keys.delete(key)
  return blobsOf(former)
}

function endUpload(bucket: Bucket | undefined, uploadId: string): string[] {
  const parts = bucket?.uploads.get(uploadId)?.parts
  bucket?.uploads.delete(uploadId)
  return parts ? [...parts.values()].map(({ blob }) => blob) : []
}

function blobsOf({ segments }: ObjectRecord): string[] {
  return segments.map(({ blob }) => blob)
}
