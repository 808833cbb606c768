import type { OssDirectError } from './errors'

/** One request to the functions or to OSS, as a transport sends it. */
export interface SendRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  url: string
  /** What must be sent. A transport leaves out what its platform sets itself (`host`, `content-length`). */
  headers: Readonly<Record<string, string>>
  /** Bytes or text; with `fields`, the file of a multipart/form-data body. */
  body?: Chunk | string
  /** The form's fields, in order; `body` follows as the last field, `file`. */
  fields?: Readonly<Record<string, string>>
  /** Called with the bytes of `body` that are sent so far. */
  onProgress?: (sentBytes: number) => void
  signal?: AbortSignal
}

/** A response; header names are in lower case. */
export interface SendResponse {
  status: number
  headers: Readonly<Record<string, string>>
  text: string
}

/**
 * Sends one request. Resolves for every status; rejects with an `OssDirectError` of the code `network` when no answer came,
 * and with the signal's reason when it aborts.
 */
export type Transport = (request: SendRequest) => Promise<SendResponse>

/** Bytes that a transport can send: a `Blob` in browsers and Node, else what the platform's transport understands. */
export type Chunk = Blob | Uint8Array

/** What is uploaded: a `File` or `Blob` as it is, or anything that can give a range of its bytes. */
export interface Source {
  readonly size: number
  /** The media type; '' where it is unknown. */
  readonly type: string
  readonly name?: string
  /** In milliseconds; part of the fingerprint by which an upload is found again. */
  readonly lastModified?: number
  slice(start: number, end: number): Chunk | Promise<Chunk>
}

/** Where unfinished uploads are kept, so that they go on after a reload: `localStorage`, or anything of its shape. */
export interface KeyValueStorage {
  getItem(key: string): string | null | Promise<string | null>
  setItem(key: string, value: string): void | Promise<void>
  removeItem(key: string): void | Promise<void>
}

/** The options of `createOssDirect`. */
export interface OssDirectOptions {
  /** Where the functions are: `https://api.example.com`, with a path where there is one. */
  baseUrl: string
  /** Returns the caller's JWT; asked before each request, so it may renew. After `invalid_token` it is asked once more. */
  getToken: (reason: 'request' | 'refused') => string | Promise<string>
  /** Default: `XMLHttpRequest` where there is one, else `fetch`. */
  transport?: Transport
  /** Default: `localStorage` where there is one. `null`: nothing is kept. */
  storage?: KeyValueStorage | null
}

/** The state of an upload. */
export type UploadState =
  | 'waiting'
  | 'uploading'
  | 'paused'
  | 'offline'
  | 'done'
  | 'failed'
  | 'cancelled'

/** How far an upload is. */
export interface UploadProgress {
  sentBytes: number
  totalBytes: number
  state: UploadState
  /** Set while no byte has moved for some seconds. */
  isStalled: boolean
}

/** The options of one upload. */
export interface UploadOptions {
  rule: string
  /** The name that the rule's key takes; default: the file's own. */
  filename?: string
  /** Default: the file's own type, else by its extension, else `application/octet-stream`. */
  contentType?: string
  metadata?: Readonly<Record<string, string>>
  /** Default: chosen by the rule and the size. */
  mechanism?: 'form' | 'put' | 'parts'
  onProgress?: (progress: UploadProgress) => void
  signal?: AbortSignal
  /** Parts in flight at most. Default 3. */
  concurrency?: number
  /** Computes the CRC-64 of the bytes in a worker and compares it with what OSS stored. Default false. */
  verifyCrc64?: boolean
}

/** What an upload ended with. */
export interface Uploaded {
  key: string
  size: number
  etag?: string
  /** Whether the callback proved the upload; false: stored, and the event comes by the trigger, or not at all. */
  proven: boolean
  /** Why it is not proven. */
  reason?: OssDirectError
}

/** An upload under way. */
export interface Upload {
  readonly done: Promise<Uploaded>
  readonly progress: UploadProgress
  /** Stops sending; what OSS has stays there. */
  pause(): void
  resume(): void
  /** Ends the upload and aborts its parts; `done` rejects with the code `cancelled`. */
  cancel(): Promise<void>
}
