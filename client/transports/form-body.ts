import type { Chunk } from '../types'

/** A multipart/form-data body, and how many of its bytes come before the file. */
export interface FormBody {
  body: Blob
  contentType: string
  headBytes: number
}

/** Builds a form of these fields with the file last, since OSS ignores every field after it (RFC 7578; OSS: PostObject). */
export function toFormBody(fields: Readonly<Record<string, string>>, file: Chunk): FormBody {
  const boundary = `----oss-direct-${Math.random().toString(36).slice(2)}${Date.now()}`
  const part = (name: string) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${quote(name)}"`
  const texts = Object.entries(fields).map(([name, value]) => `${part(name)}\r\n\r\n${value}\r\n`)
  const head = new Blob([
    ...texts,
    `${part('file')}; filename="file"\r\nContent-Type: application/octet-stream\r\n\r\n`,
  ])
  return {
    body: new Blob([head, file as BlobPart, `\r\n--${boundary}--\r\n`]),
    contentType: `multipart/form-data; boundary=${boundary}`,
    headBytes: head.size,
  }
}

// HTML, multipart/form-data encoding algorithm.
function quote(name: string): string {
  return name.replace(/["\r\n]/g, encodeURIComponent)
}
