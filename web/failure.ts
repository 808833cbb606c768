import { formatBytes } from './format'
import { type Fields, fromJson, toFields, toList } from './parse'

/** A failure with a title and details for the user. */
export class Failure extends Error {
  readonly title: string
  readonly detail: string
  /** The code of the problem document or of OSS, `network` or `unexpected`. */
  readonly code: string
  readonly requestId: string

  constructor(fields: { title: string; detail: string; code: string; requestId?: string }) {
    super(fields.title)
    this.name = 'Failure'
    this.title = fields.title
    this.detail = fields.detail
    this.code = fields.code
    this.requestId = fields.requestId ?? ''
  }
}

/** Titles of common OSS errors; other errors show their code. */
const OSS_TITLES: Readonly<Record<string, string>> = {
  AccessDenied: 'OSS refused the request',
  CallbackFailed: 'Stored, but not proven',
  EntityTooLarge: 'File too large',
  EntityTooSmall: 'File too small',
  FileAlreadyExists: 'A file with this name already exists',
  FileImmutable: 'The file is locked',
  InvalidAccessKeyId: 'The credentials are not valid',
  NoSuchKey: 'The file does not exist',
  RequestTimeTooSkewed: 'The clock of this device is wrong',
  SecurityTokenExpired: 'The credentials have expired',
  SignatureDoesNotMatch: 'The signature does not match',
}

const HINTS: Readonly<Record<string, string>> = {
  invalid_token: 'The sign-in is missing or has expired: Retry signs in again.',
}

/** Parses a problem document (RFC 9457 section 3), or uses the HTTP status if there is none. */
export function fromProblem(status: number, body: string): Failure {
  const problem = toFields(fromJson(body))
  const code = stringOf(problem.code) || `http_${status}`
  return new Failure({
    title: stringOf(problem.title) || `The functions returned ${status}`,
    detail: [withUnits(stringOf(problem.detail)), ...issuesOf(problem), HINTS[code] ?? '']
      .filter(Boolean)
      .join(' '),
    code,
    requestId: stringOf(problem.requestId),
  })
}

/** Parses OSS's XML error (OSS: error responses), or uses the HTTP status if there is none. */
export function fromOssXml(status: number, body: string): Failure {
  return fromOss(status, {
    code: elementOf(body, 'Code'),
    message: elementOf(body, 'Message'),
    requestId: elementOf(body, 'RequestId'),
  })
}

/** Returns the failure for a parsed OSS error. */
export function fromOss(
  status: number,
  error: { code: string; message: string; requestId: string },
): Failure {
  // OSS returns 203 for an object that is stored but whose callback failed (OSS: Callback).
  const code = error.code || (status === 203 ? 'CallbackFailed' : `http_${status}`)
  return new Failure({
    title: OSS_TITLES[code] ?? (error.code || `OSS returned ${status}`),
    detail: (code === 'CallbackFailed' && refusalOf(error.message)) || error.message,
    code,
    requestId: error.requestId,
  })
}

/** The callback's refusals, by the status that OSS passes on (OSS: Callback). */
const CALLBACK_REFUSALS: Readonly<Record<string, string>> = {
  '403': 'The functions could not prove it; the reason is in their log. Retry sends it again.',
  '413': 'The file is larger or smaller than was granted.',
  '415': 'The file is of a content type that was not granted.',
  '422': 'The file has a name that its rule does not allow.',
}

function refusalOf(message: string): string | undefined {
  const status = /^Error status : (\d{3})\.$/.exec(message.trim())?.[1]
  if (status === undefined) return undefined
  const failed = `The function for callbacks failed with status ${status}. Retry sends it again.`
  return CALLBACK_REFUSALS[status] ?? failed
}

/**
 * Returns the failure for a failed connection, or for a response that the browser hides from the
 * page.
 */
export function networkFailure(): Failure {
  return new Failure({
    title: 'Network error',
    detail: 'The connection failed. Check that the local cloud is running, then retry.',
    code: 'network',
  })
}

/** Converts any thrown value to a failure. */
export function toFailure(error: unknown): Failure {
  if (error instanceof Failure) return error
  const detail = error instanceof Error ? error.message : String(error)
  return new Failure({ title: 'Unexpected error', detail, code: 'unexpected' })
}

/** Adds units to exact sizes: "5 MiB (5242880 bytes)". */
function withUnits(detail: string): string {
  return detail.replace(/\b(\d{4,}) bytes\b/g, (exact, bytes) => {
    const size = formatBytes(Number(bytes))
    return size === exact ? exact : `${size} (${exact})`
  })
}

function issuesOf(problem: Fields): string[] {
  return toList(problem.errors)
    .map(toFields)
    .map(({ path, message }) => {
      const where = stringOf(path)
      return where ? `${where}: ${stringOf(message)}.` : `${stringOf(message)}.`
    })
}

function stringOf(value: unknown): string {
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
