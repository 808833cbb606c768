import { Readable } from 'node:stream'
import { FORM } from '../errors/form'
import { OssError } from '../errors/oss-error'
import { ByteReader } from './byte-reader'

/** A form read up to its file: fields by lower-case name, and the file as a stream. */
export type Form = {
  fields: ReadonlyMap<string, string>
  /** Callback variables: fields that begin with `x:`, with their names as sent. */
  variables: ReadonlyMap<string, string>
  filename: string
  /** The Content-Type of the file part. */
  fileType: string | undefined
  file: Readable
  /**
   * Reads to the end; throws an `OssError` for fields after the file and for an incomplete form.
   */
  finish: () => Promise<void>
}

type Part = { name: string; filename: string; type: string | undefined }

const MAX_NAME_BYTES = 8 * 1024
const MAX_VALUE_BYTES = 2 * 1024 * 1024
const MAX_FIELDS_BYTES = 8 * 1024 * 1024
const MAX_HEADER_BYTES = 32 * 1024
const CRLF = '\r\n'
const HEADER_END = Buffer.from('\r\n\r\n')
const AT_END = { onEnd: () => new OssError(FORM.malformed) }

/** Reads a multipart form (RFC 7578) up to its `file` part. */
export async function readForm(body: Readable, contentType: string): Promise<Form> {
  const delimiter = Buffer.from(`${CRLF}--${boundaryOf(contentType)}`)
  const reader = new ByteReader(body, Buffer.from(CRLF))
  await reader.until(delimiter, { ...AT_END, maxBytes: MAX_HEADER_BYTES, onTooLong: AT_END.onEnd })
  const fields = new Map<string, string>()
  const variables = new Map<string, string>()
  let bytes = 0
  for (;;) {
    const part = await readPartHead(reader)
    if (!part) throw new OssError(FORM.malformed)
    const name = part.name.toLowerCase()
    if (name === 'file') return toForm(reader, { delimiter, fields, variables, part })
    const value = await readValue(reader, delimiter)
    bytes += part.name.length + value.length
    if (bytes > MAX_FIELDS_BYTES) throw new OssError(FORM.fieldsTooLong)
    // The first of repeated fields counts, for the policy and for the object.
    if (fields.has(name)) continue
    fields.set(name, value.toString('utf8'))
    if (part.name.startsWith('x:')) variables.set(part.name, value.toString('utf8'))
  }
}

function toForm(
  reader: ByteReader,
  {
    delimiter,
    part,
    ...read
  }: Pick<Form, 'fields' | 'variables'> & {
    delimiter: Buffer
    part: Part
  },
): Form {
  return {
    ...read,
    filename: part.filename,
    fileType: part.type,
    file: Readable.from(reader.chunksUntil(delimiter, AT_END), { objectMode: false }),
    finish: () => readRest(reader),
  }
}

// No file and no field may follow the file.
async function readRest(reader: ByteReader): Promise<void> {
  const part = await readPartHead(reader)
  if (!part) return reader.skipRest()
  throw new OssError(part.name.toLowerCase() === 'file' ? FORM.fileCount : FORM.malformed)
}

async function readValue(reader: ByteReader, delimiter: Buffer): Promise<Buffer> {
  return reader.until(delimiter, {
    ...AT_END,
    maxBytes: MAX_VALUE_BYTES,
    onTooLong: () => new OssError(FORM.valueTooLong),
  })
}

// A delimiter is followed by "--" at the end, or by a line break and the next part.
async function readPartHead(reader: ByteReader): Promise<Part | undefined> {
  const mark = (await reader.take(2, AT_END)).toString('latin1')
  if (mark === '--') return undefined
  if (mark !== CRLF) throw new OssError(FORM.malformed)
  const head = await reader.until(HEADER_END, {
    ...AT_END,
    maxBytes: MAX_HEADER_BYTES,
    onTooLong: () => new OssError(FORM.nameTooLong),
  })
  return parsePartHead(head.toString('utf8'))
}

function parsePartHead(text: string): Part {
  if (!/^Content-Disposition:/i.test(text)) throw new OssError(FORM.partHead)
  const headers = new Map(
    text.split(CRLF).map((line) => {
      const at = line.indexOf(':')
      return [line.slice(0, Math.max(at, 0)).trim().toLowerCase(), line.slice(at + 1).trim()]
    }),
  )
  const parameters = parseDisposition(headers.get('content-disposition') ?? '')
  const name = parameters.get('name')
  if (name === undefined) throw new OssError(FORM.malformed)
  if (Buffer.byteLength(name) > MAX_NAME_BYTES) throw new OssError(FORM.nameTooLong)
  return {
    name,
    filename: parameters.get('filename') ?? '',
    type: headers.get('content-type') || undefined,
  }
}

// Parsed in sequence, so that a file name cannot inject a second `name=`.
function parseDisposition(value: string): Map<string, string> {
  if (!/^form-data\s*(;|$)/i.test(value)) throw new OssError(FORM.malformed)
  const parameter = /\s*;\s*([A-Za-z*-]+)=(?:"((?:\\.|[^"\\])*)"|([^;"\s]*))/y
  parameter.lastIndex = 'form-data'.length
  const parameters = new Map<string, string>()
  for (let match = parameter.exec(value); match; match = parameter.exec(value)) {
    const [, name = '', quoted, bare = ''] = match
    const text = quoted === undefined ? bare : quoted.replaceAll('\\"', '"')
    if (!parameters.has(name.toLowerCase())) parameters.set(name.toLowerCase(), text)
  }
  return parameters
}

function boundaryOf(contentType: string): string {
  if (!/^multipart\/form-data\s*(;|$)/i.test(contentType)) throw new OssError(FORM.notMultipart)
  const match = /;\s*boundary=(?:"([^"]{1,200})"|([^\s;"]{1,200}))/i.exec(contentType)
  const boundary = match?.[1] ?? match?.[2]
  if (boundary === undefined) throw new OssError(FORM.malformed)
  return boundary
}
