/** One error of OSS: status, `Code`, `Message` and, where known, `EC`. */
export type ErrorKind = readonly [status: number, code: string, message: string, ec?: string]

/** Further children of the `<Error>` element, in the order they are printed. */
export type Details = Readonly<Record<string, string | number>>

/** An error of OSS, rendered as its XML error response. */
export class OssError extends Error {
  readonly status: number
  readonly code: string
  readonly ec: string
  readonly details: Details
  readonly headers: Readonly<Record<string, string>>

  constructor(
    kind: ErrorKind,
    details: Details = {},
    options: { message?: string; headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(options.message ?? kind[2])
    this.name = 'OssError'
    this.status = kind[0]
    this.code = kind[1]
    this.ec = kind[3] ?? ''
    this.details = details
    this.headers = options.headers ?? {}
  }
}
