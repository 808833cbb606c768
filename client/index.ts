import { createApi } from './api'
import { OssDirectError } from './errors'
import { createRules } from './rules'
import { fetchTransport } from './transports/fetch'
import { xhrTransport } from './transports/xhr'
import type { KeyValueStorage, OssDirectOptions, Source, Upload, UploadOptions } from './types'
import { startUpload } from './upload'

export type * from './types'
export { fetchTransport, OssDirectError, xhrTransport }

/** The typed client of one caller. */
export interface OssDirect {
  /** Starts an upload: a `File`, a `Blob`, or anything that can give a range of its bytes. */
  upload(file: Source, options: UploadOptions): Upload
}

/** Creates the client of one caller; create another when somebody else signs in. */
export function createOssDirect(options: OssDirectOptions): OssDirect {
  const { transport = defaultTransport(), storage = defaultStorage() } = options
  const api = createApi(options, transport)
  const rules = createRules(api)
  return {
    upload: (file, uploadOptions) =>
      startUpload(file, uploadOptions, { api, rules, transport, storage }),
  }
}

function defaultTransport() {
  return typeof XMLHttpRequest === 'undefined' ? fetchTransport : xhrTransport
}

function defaultStorage(): KeyValueStorage | null {
  try {
    return globalThis.localStorage ?? null
  } catch {
    // A browser that blocks the storage of a page throws.
    return null
  }
}
