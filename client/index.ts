import { createApi } from './api'
import { createLending } from './credentials'
import { createDownloads, type Downloads } from './downloads'
import { OssDirectError } from './errors'
import { signForm } from './form'
import { createKeyRules } from './key-rules'
import { list, listPages } from './listing'
import { createRules } from './rules'
import type { RuleDescription } from './shared-types'
import { sendSigned } from './signed'
import { fetchTransport } from './transports/fetch'
import { xhrTransport } from './transports/xhr'
import type {
  Access,
  FieldsOptions,
  FormFields,
  KeyOptions,
  KeyValueStorage,
  LentCredentials,
  ListOptions,
  OssDirectOptions,
  Page,
  Source,
  UnfinishedUpload,
  Upload,
  UploadOptions,
} from './types'
import { startUpload } from './upload'

export type { RuleDescription } from './shared-types'
export type * from './types'
export { fetchTransport, OssDirectError, xhrTransport }

/** The client of one caller. */
export interface OssDirect extends Downloads {
  /** Starts an upload: of a `File`, a `Blob`, or anything that can give a range of its bytes. */
  upload(file: Source, options: UploadOptions): Upload
  /** Returns the uploads in parts that `storage` keeps and that do not go on at the moment. */
  unfinished(): Promise<UnfinishedUpload[]>
  /** Lists one page of the caller's own folder, or of a folder in it. */
  list(rule: string, options?: ListOptions): Promise<Page>
  /** Lists all pages in turn. */
  pages(rule: string, options?: ListOptions): AsyncIterable<Page>
  /** Deletes one of the caller's own files. */
  remove(key: string, options?: KeyOptions): Promise<void>
  /** Returns STS credentials for the caller's own prefix, which are good until `refreshAfter` at least. */
  credentials(rule: string, access?: Access): Promise<LentCredentials>
  /** Returns the form of one upload, for clients and pages that send it themselves. */
  fields(
    rule: string,
    file: Pick<Source, 'name' | 'type' | 'size'>,
    options?: FieldsOptions,
  ): Promise<FormFields>
  /** Returns what the caller may use, kept for five minutes. */
  rules(): Promise<readonly RuleDescription[]>
}

/** Creates the client of one caller; create another when somebody else signs in. */
export function createOssDirect(options: OssDirectOptions): OssDirect {
  const { transport = defaultTransport(), storage = defaultStorage() } = options
  const api = createApi(options, transport)
  const rules = createRules(api)
  const keyRules = createKeyRules()
  const context = { api, rules, transport, storage, keyRules }
  return {
    ...createDownloads(api, keyRules),
    credentials: createLending(api),
    rules: rules.all,
    upload(file, uploadOptions) {
      const { transport: own } = uploadOptions
      const ownContext = own && { api: createApi(options, own), transport: own }
      return startUpload(file, uploadOptions, { ...context, ...ownContext })
    },
    unfinished: async () => (await import('./parts/unfinished')).listUnfinished(context),
    list: (rule, listOptions = {}) => list(rule, listOptions, context),
    pages: (rule, listOptions = {}) => listPages(rule, listOptions, context),
    fields: (...form) => signForm(context, ...form),
    async remove(key, { rule, signal } = {}) {
      const request = { operation: 'delete', key, rule: keyRules.find(key, rule) }
      await sendSigned(context, request, { method: 'DELETE', signal })
    },
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
