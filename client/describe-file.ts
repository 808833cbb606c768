import { refusal } from './errors'
import type { Source, UploadOptions } from './types'

const TYPES =
  'avif:image/avif csv:text/csv gif:image/gif heic:image/heic jpg:image/jpeg jpeg:image/jpeg json:application/json md:text/markdown mov:video/quicktime mp3:audio/mpeg mp4:video/mp4 pdf:application/pdf png:image/png svg:image/svg+xml txt:text/plain webm:video/webm webp:image/webp zip:application/zip'

/** Returns the name and the content type that the functions are asked with; throws `invalid_key` for a file without a name. */
export function describeFile(
  { name, type }: Pick<Source, 'name' | 'type'>,
  { filename = name, contentType = type }: Pick<UploadOptions, 'filename' | 'contentType'>,
): { filename: string; contentType: string } {
  if (filename) return { filename, contentType: contentType || toMediaType(filename) }
  throw refusal('invalid_key', 'The file has no name: pass one as the option "filename".')
}

// Some systems don't know the type of a file.
function toMediaType(filename: string): string {
  const extension = filename.split('.').pop()?.toLowerCase()
  const entry = TYPES.split(' ').find((each) => each.startsWith(`${extension}:`))
  return entry?.split(':')[1] ?? 'application/octet-stream'
}
