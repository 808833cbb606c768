import type { Readable } from 'node:stream'
import type { Account, Principal } from '../ram/types'
import type { Authority } from './auth/identity'
import type { CallbackKey } from './callback/key'
import type { OssError } from './errors/oss-error'
import type { Notes } from './notes'
import type { ObjectRecord } from './store/records'
import type { Bucket } from './store/state'
import type { Store } from './store/store'
import type { OssRequest } from './wire'

/** One line of the request log: the request, who signed it and the outcome. */
export type LogEntry = {
  method: string
  bucket?: string
  key?: string
  who: string
  status: number
  code?: string
  ec?: string
  detail?: string
  /** The effect of the injected fault, if there was one. */
  fault?: string
}

/** The dependencies of every operation. */
export type Cloud = {
  account: Account
  region: string
  store: Store
  callbackKey: CallbackKey
  now: () => number
  /** Refuses V1 signatures, as OSS announced for new buckets. */
  v1Refused: boolean
  /** Acts as if versioning was suspended: nothing protects an object from being overwritten. */
  isVersioned: boolean
  /** Aborts when the server closes, so that nothing keeps waiting. */
  stopping: AbortSignal
  /**
   * Returns true if pages of this origin may use a bucket only where its CORS rules list the
   * origin; OSS itself does not check origins.
   */
  isForeignOrigin: (origin: string) => boolean
  /**
   * Waits until a callback may be sent to the URL; resolves to a function to call after it, or to
   * `undefined` if the URL is not allowed.
   */
  admitCallback: (url: URL) => Promise<(() => void) | undefined>
  /** Called after every object that is written. */
  onCreated: (created: Created) => void
  /** Where this request's signature and callbacks are noted, if anybody wants to see them. */
  notes?: Notes
}

/** An object that was just written, and the operation that wrote it. */
export type Created = {
  operation: string
  bucket: string
  record: ObjectRecord
  /** The size of the object minus the size of the one it replaced, in bytes. */
  deltaSize: number
  request: OssRequest
  principal: Principal | undefined
}

/** Returns the account, region and current time that signatures are verified against. */
export function authorityOf({ account, region, v1Refused, now, notes }: Cloud): Authority {
  return { account, region, v1Refused, now: now(), ...(notes && { notes }) }
}

/** An authenticated request, as an operation receives it. */
export type Context = {
  cloud: Cloud
  request: OssRequest
  body: Readable
  /** The signer; `undefined` for an anonymous request. */
  principal: Principal | undefined
}

/** The context of an operation on a bucket that exists. */
export type BucketContext = Context & { bucket: Bucket }

/** A response: a small body, or a stream of known length. */
export type Answer = {
  status: number
  headers?: Readonly<Record<string, string>>
  body?: string | Readable
  /** The error that this response reports. */
  error?: OssError
}
