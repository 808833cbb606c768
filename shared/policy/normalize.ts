import type { CallerRequest } from '../rules/requests'
import { toMalformed } from '../schema/issues'
import { refuseProblem } from './key'
import { findNameProblem } from './name'

/**
 * Returns the request normalised and frozen: names in Unicode normal form C, the media type in lower case. Throws
 * `key_invalid` or `request_malformed` for a name that can't be stored.
 */
export function normalizeRequest<Request extends CallerRequest>(request: Request): Request {
  return Object.freeze({ ...request, ...NORMAL_FORMS[request.operation](request as never) })
}

const NORMAL_FORMS = {
  sts: () => ({}),
  put: ofUpload,
  multipart: ofUpload,
  form: ofUpload,
  'prefix-form': ofPrefixForm,
  get: ofDownload,
  head: ofDownload,
  list: ofList,
  delete: ofDownload,
} as const satisfies Record<CallerRequest['operation'], unknown>

type UploadNames = {
  filename: string
  contentType: string
  metadata?: Readonly<Record<string, string>>
}

// Form C can change a character into an ASCII one: U+212A becomes K, U+037E a semicolon, U+1FEF a backtick.
function ofUpload({ filename: raw, contentType, metadata }: UploadNames): UploadNames {
  const filename = raw.normalize('NFC')
  refuseProblem(findNameProblem(filename))
  return {
    filename,
    contentType: toNormalType(contentType),
    ...(metadata && { metadata: Object.freeze({ ...metadata }) }),
  }
}

function ofPrefixForm({ contentType }: { contentType?: string }): { contentType?: string } {
  return contentType === undefined ? {} : { contentType: toNormalType(contentType) }
}

function toNormalType(contentType: string): string {
  return contentType.replace(/^[^; \t]*/, (essence) => essence.toLowerCase())
}

type DownloadNames = { key: string; downloadName?: string }

function ofDownload({ key, downloadName: raw }: DownloadNames): Partial<DownloadNames> {
  refuseProblem(findNameProblem(key))
  if (raw === undefined) return {}
  const downloadName = raw.normalize('NFC')
  const problem = downloadName.includes('/') ? 'it contains a slash' : findNameProblem(downloadName)
  if (problem === undefined) return { downloadName }
  throw toMalformed('downloadName', `must be a valid file name: ${problem}`)
}

function ofList({ path: raw }: { path?: string }): { path?: string } {
  const path = raw?.normalize('NFC')
  if (path === undefined) return {}
  refuseProblem(findNameProblem(path))
  return { path }
}
