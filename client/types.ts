import type { OssDirectError } from './errors'
import type { DownloadRequest, FormRequest, ListRequest, StsRequest } from './shared-types'

/** One request to the functions or to OSS, as a transport sends it. */
export interface SendRequest {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE'
  url: string
  /** What must be sent. A transport leaves out what its platform sets itself (`host`, `content-length`). */
  headers: Readonly<Record<string, string>>
  /** Bytes or text; with `fields`, the file of a multipart/form-data body. */
  body?: Chunk | string | undefined
  /** The form's fields, in order; `body` follows as the last field, `file`. */
  fields?: Readonly<Record<string, string>> | undefined
  /**
   * Called with the bytes of the body that are sent so far. A transport that calls it at all calls it first with 0: from then
   * on, 30 seconds without a call count as a stall.
   */
  onProgress?: ((sentBytes: number) => void) | undefined
  signal?: AbortSignal | undefined
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
  /** Sends the requests of this upload; default: the client's. The rules, which all uploads share, come by the client's. */
  transport?: Transport
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

/** An upload in parts that was begun and not ended: choose its file again, with the same options, and it goes on. */
export interface UnfinishedUpload {
  rule: string
  filename: string
  contentType: string
  /** The file's own name, where it has one. */
  name?: string
  size: number
  lastModified: number
  key: string
  begunAt: string
  /** From then on, it can't go on. */
  expiresAt: string
  /** Deletes its parts from OSS, and forgets it. */
  abort(): Promise<void>
}

/** The access of credentials to the caller's prefix. */
export type Access = StsRequest['access']

/** The answer of `POST /sts`: credentials, and what to send with each upload that uses them. */
export interface LentCredentials {
  credentials: {
    accessKeyId: string
    accessKeySecret: string
    securityToken: string
    expiration: string
  }
  bucket: string
  region: string
  endpoint: string
  /** The start of every key that they are good for. */
  prefix: string
  /** With write access: the headers of every upload. */
  headers?: Readonly<Record<string, string>>
  /** With write access: the callback of every upload. */
  callback?: {
    callbackUrl: string
    callbackBody: string
    callbackBodyType: string
    callbackVar: Readonly<Record<string, string>>
  }
  refreshAfter: string
  serverTime: string
}

/** The options of everything that may take some time. */
export interface CallOptions {
  signal?: AbortSignal
}

/** The options of what is done with a key. */
export interface KeyOptions extends CallOptions {
  /** The rule of the key; not needed for keys that this client uploaded or listed. */
  rule?: string
}

/** The options of `download`. */
export interface DownloadOptions
  extends KeyOptions,
    Pick<DownloadRequest, 'as' | 'downloadName' | 'process'> {}

/** The options of `previewUrl`. */
export interface PreviewOptions extends KeyOptions, Pick<DownloadRequest, 'process'> {}

/** A URL that reads one file. */
export interface SignedUrl {
  key: string
  url: string
  expiresAt: string
}

/** The options of `list` and `pages`. */
export interface ListOptions extends CallOptions, Pick<ListRequest, 'path' | 'after' | 'limit'> {}

/** A stored file in a listing. */
export interface StoredFile {
  key: string
  /** The key without its folder. */
  name: string
  size: number
  etag: string
  lastModified: string
}

/** One page of a listing. */
export interface Page {
  files: StoredFile[]
  /** The folders in this one, each as a `path` for `list`. */
  folders: string[]
  /** The `after` of the next page; absent in the last one. */
  next?: string
}

/** The options of `fields`. */
export interface FieldsOptions
  extends CallOptions,
    Pick<FormRequest, 'metadata' | 'successStatus' | 'redirect'> {
  filename?: string
  contentType?: string
}

/** The form of one upload: post these fields in order, and the file last, as `file`. */
export interface FormFields {
  method: 'POST'
  url: string
  fields: Readonly<Record<string, string>>
  key: string
  expiresAt: string
}
