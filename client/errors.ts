/** What OSS said in an XML error. */
export interface OssError {
  /** OSS's `Code`, for example `AccessDenied`. */
  code: string
  message: string
  /** The more exact error code, for example `0003-00000001`. */
  ec?: string
  requestId?: string
}

/** Why something failed. */
export interface OssDirectErrorDetails {
  /** Stable: the code of a problem of the functions (`file_too_large`), or one of the client (`network`, `stalled`). */
  code: string
  /** Whether the same request may succeed later. */
  retryable: boolean
  /** The HTTP status; absent where no answer came. */
  status?: number
  /** What OSS said, where OSS said it. */
  oss?: OssError
  /** The request id of the functions, where they said it. */
  requestId?: string
  /** Seconds after which to try again, where the answer says so. */
  retryAfter?: number
  cause?: unknown
}

/** Every error of the client: a stable code, a sentence for a person, and whether it is worth trying again. */
export class OssDirectError extends Error implements OssDirectErrorDetails {
  readonly code: string
  readonly retryable: boolean
  readonly status?: number
  readonly oss?: OssError
  readonly requestId?: string
  readonly retryAfter?: number

  constructor(message: string, details: OssDirectErrorDetails) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.name = 'OssDirectError'
    this.code = details.code
    this.retryable = details.retryable
    if (details.status !== undefined) this.status = details.status
    if (details.oss) this.oss = details.oss
    if (details.requestId !== undefined) this.requestId = details.requestId
    if (details.retryAfter !== undefined) this.retryAfter = details.retryAfter
  }
}
