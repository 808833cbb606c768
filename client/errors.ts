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
  declare readonly code: string
  declare readonly retryable: boolean
  declare readonly status?: number
  declare readonly oss?: OssError
  declare readonly requestId?: string
  declare readonly retryAfter?: number

  constructor(message: string, details: OssDirectErrorDetails) {
    super(message)
    this.name = 'OssDirectError'
    Object.assign(this, details)
  }
}

/** Returns the error of an upload that its caller ended. */
export function cancelledError(cause?: unknown): OssDirectError {
  return refusal('cancelled', 'The upload was cancelled.', cause)
}

/** Returns the error for what would fail again in the same way. */
export function refusal(code: string, message: string, cause?: unknown): OssDirectError {
  return new OssDirectError(message, {
    code,
    retryable: false,
    ...(cause !== undefined && { cause }),
  })
}
