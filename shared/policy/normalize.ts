import type { CallerRequest } from '../rules/requests'
import { toMalformed } from '../schema/issues'
import { refuseProblem } from './key'
import { findNameProblem } from './name'

/**
 * The request as it will be stored, frozen: names in Unicode normal form C, the type's name in lower case. Throws a
 * refusal for a name that can't be stored, so that nothing after it meets one.
 */
export function normalizeRequest<Request extends CallerRequest>(request: Request): Request {
  return Object.freeze({ ...request, ...NORMAL_FORMS[request.operation](request as never) })
}

const NORMAL_FORMS = {
  sts: () => ({}),
  put: ofUpload,
  multipart: ofUpload,
  form: ofUpload,
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

// Form C can make a letter of a sign: U+212A becomes K, U+037E a semicolon, U+1FEF a backtick.
function ofUpload({ filename: given, contentType, metadata }: UploadNames): UploadNames {
  const filename = given.normalize('NFC')
  refuseProblem(findNameProblem(filename))
  return {
    filename,
    contentType: contentType.replace(/^[^; \t]*/, (essence) => essence.toLowerCase()),
    ...(metadata && { metadata: Object.freeze({ ...metadata }) }),
  }
}

type DownloadNames = { key: string; downloadName?: string }

function ofDownload({ key, downloadName: given }: DownloadNames): Partial<DownloadNames> {
  refuseProblem(findNameProblem(key))
  if (given === undefined) return {}
  const downloadName = given.normalize('NFC')
  const problem = downloadName.includes('/') ? 'it holds a slash' : findNameProblem(downloadName)
  if (problem === undefined) return { downloadName }
  throw toMalformed('downloadName', `can't be a file name: ${problem}`)
}

function ofList({ path: given }: { path?: string }): { path?: string } {
  const path = given?.normalize('NFC')
  if (path === undefined) return {}
  refuseProblem(findNameProblem(path))
  return { path }
}
