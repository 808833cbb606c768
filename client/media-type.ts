const TYPES =
  'avif:image/avif csv:text/csv gif:image/gif heic:image/heic jpg:image/jpeg jpeg:image/jpeg json:application/json md:text/markdown mov:video/quicktime mp3:audio/mpeg mp4:video/mp4 pdf:application/pdf png:image/png svg:image/svg+xml txt:text/plain webm:video/webm webp:image/webp zip:application/zip'

/** Returns the media type of a file name, for systems that don't know that of a file. */
export function toMediaType(filename: string): string {
  const extension = filename.split('.').pop()?.toLowerCase()
  const entry = TYPES.split(' ').find((each) => each.startsWith(`${extension}:`))
  return entry?.split(':')[1] ?? 'application/octet-stream'
}
