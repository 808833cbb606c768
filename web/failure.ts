import { type Fields, fromJson, toFields, toList } from './parse'

/** Why something did not happen, in words for the person who wanted it. */
export class Failure extends Error {
  readonly title: string
  readonly detail: string
  /** The problem document's or OSS's own code, `network` or `unexpected`. */
  readonly code: string
  readonly requestId: string

  constructor(words: { title: string; detail: string; code: string; requestId?: string }) {
    super(words.title)
    this.name = 'Failure'
    this.title = words.title
    this.detail = words.detail
    this.code = words.code
    this.requestId = words.requestId ?? ''
  }
}

/** Titles for the refusals of OSS that a person meets; its own code serves for the others. */
const OSS_TITLES: Readonly<Record<string, string>> = {
  AccessDenied: 'OSS refused it',
  CallbackFailed: 'Stored, but not proven',
  EntityTooLarge: 'File too large',
  EntityTooSmall: 'File too small',
  FileAlreadyExists: 'There is a file of this name already',
  FileImmutable: 'The file is locked',
  InvalidAccessKeyId: 'The credentials are not valid',
  NoSuchKey: 'The file is not there',
  RequestTimeTooSkewed: 'The clock of this device is wrong',
  SecurityTokenExpired: 'The credentials have expired',
  SignatureDoesNotMatch: 'The signature does not match',
}

const HINTS: Readonly<Record<string, string>> = {
  invalid_token: 'The sign-in is missing or over: Retry signs in again.',
}

/** What a problem document says (RFC 9457 section 3), or what its HTTP status says without one. */
export function fromProblem(status: number, body: string): Failure {
  const problem = toFields(fromJson(body))
  const code = wordsOf(problem.code) || `http_${status}`
  return new Failure({
    title: wordsOf(problem.title) || `The functions answered ${status}`,
    detail: [wordsOf(problem.detail), ...faultsOf(problem), HINTS[code] ?? '']
      .filter(Boolean)
      .join(' '),
    code,
    requestId: wordsOf(problem.requestId),
  })
}

/** What OSS's XML error says (OSS: error responses), or what its HTTP status says without one. */
export function fromOssXml(status: number, body: string): Failure {
  return fromOss(status, {
    code: elementOf(body, 'Code'),
    message: elementOf(body, 'Message'),
    requestId: elementOf(body, 'RequestId'),
  })
}

/** The same for an error of OSS that somebody else has read. */
export function fromOss(
  status: number,
  error: { code: string; message: string; requestId: string },
): Failure {
  // 203 is the answer for an object that is stored while its callback failed (OSS: Callback).
  const code = error.code || (status === 203 ? 'CallbackFailed' : `http_${status}`)
  return new Failure({
    title: OSS_TITLES[code] ?? (error.code || `OSS answered ${status}`),
    detail: (code === 'CallbackFailed' && refusalOf(error.message)) || error.message,
    code,
    requestId: error.requestId,
  })
}

/** What the callback refused an upload for, by the status that OSS passes on and nothing else (OSS: Callback). */
const CALLBACK_REFUSALS: Readonly<Record<string, string>> = {
  '413': 'The file is larger or smaller than was granted.',
  '415': 'The file is of a content type that was not granted.',
  '422': 'The file has a name that its rule does not allow.',
}

function refusalOf(message: string): string | undefined {
  const status = /^Error status : (\d{3})\./.exec(message)?.[1]
  return CALLBACK_REFUSALS[status ?? '']
}

/** The connection failed, or the browser hides the answer from the page. */
export function networkFailure(): Failure {
  return new Failure({
    title: 'Network error',
    detail: 'The connection failed or broke. Check that the local cloud is running, then retry.',
    code: 'network',
  })
}

/** Any thrown value as a failure. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new Failure({ title: 'Something unexpected happened', detail, code: 'unexpected' })
}

function faultsOf(problem: Fields): string[] {
  return toList(problem.errors)
    .map(toFields)
    .map(({ path, message }) => {
      const where = wordsOf(path)
      return where ? `${where}: ${wordsOf(message)}.` : `${wordsOf(message)}.`
    })
}

function wordsOf(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&apos;': "'",
  '&amp;': '&',
}

function elementOf(xml: string, name: string): string {
  const found = new RegExp(`<${name}>([^<]*)</${name}>`).exec(xml)
  return (found?.[1] ?? '').replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity)
}
