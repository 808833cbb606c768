import type { Readable } from 'node:stream'
import type { Account, Principal } from '../ram/types'
import type { Authority } from './auth/identity'
import type { CallbackKey } from './callback/key'
import type { OssError } from './errors/oss-error'
import type { ObjectRecord } from './store/records'
import type { Bucket } from './store/state'
import type { Store } from './store/store'
import type { OssRequest } from './wire'

/** One line of the request log: what was asked, by whom, and what became of it. */
export type LogEntry = {
  method: string
  bucket?: string
  key?: string
  who: string
  status: number
  code?: string
  ec?: string
  detail?: string
  /** Which fault struck, when one did. */
  fault?: string
}

/** What every operation needs from outside. */
export type Cloud = {
  account: Account
  region: string
  store: Store
  callbackKey: CallbackKey
  now: () => number
  /** Whether V1 signatures are refused, as OSS announced for new buckets. */
  v1Refused: boolean
  /** Aborts when the server closes: nobody waits for anything any more. */
  stopping: AbortSignal
  /** Whether a page of this origin may use a bucket only where its CORS says so; OSS itself asks nobody's origin. */
  isForeignOrigin: (origin: string) => boolean
  /** Resolves when a callback may be sent there, with what to call after it; with nothing where none may. */
  admitCallback: (url: URL) => Promise<(() => void) | undefined>
  /** Told of every object that was written. */
  onCreated: (created: Created) => void
}

/** An object that was just written, and the operation that wrote it. */
export type Created = {
  operation: string
  bucket: string
  record: ObjectRecord
  /** How much larger the object is than the one it replaced. */
  deltaSize: number
  request: OssRequest
  principal: Principal | undefined
}

/** What signatures are verified against, at this moment. */
export function authorityOf({ account, region, v1Refused, now }: Cloud): Authority {
  return { account, region, v1Refused, now: now() }
}

/** An authenticated request on its way through an operation. */
export type Context = {
  cloud: Cloud
  request: OssRequest
  body: Readable
  /** Who signed it; `undefined` for nobody. */
  principal: Principal | undefined
}

/** The same, for an operation on a bucket that exists. */
export type BucketContext = Context & { bucket: Bucket }

/** What goes back: a small body, or a stream of known length. */
export type Answer = {
  status: number
  headers?: Readonly<Record<string, string>>
  body?: string | Readable
  /** The refusal that this answer tells. */
  error?: OssError
}
