/** How a stored file can be looked at. */
export type Kind = 'image' | 'video' | 'audio' | 'text' | 'other'

const EXTENSIONS: Readonly<Record<Exclude<Kind, 'other'>, string>> = {
  image: 'png jpg jpeg gif webp avif bmp svg ico',
  video: 'mp4 m4v webm mov ogv',
  audio: 'mp3 wav ogg oga m4a flac opus',
  text: 'txt md csv tsv log json xml yml yaml html css js ts ini toml',
}
const KINDS = new Map(
  Object.entries(EXTENSIONS).flatMap(([kind, list]) =>
    list.split(' ').map((extension) => [extension, kind as Kind] as const),
  ),
)

/** Returns how a file can be looked at, by its name: a listing has no types. */
export function kindOf(name: string): Kind {
  return KINDS.get(extensionOf(name)) ?? 'other'
}

/** Returns the extension of a name in lower case; '' where there is none. @internal */
export function extensionOf(name: string): string {
  return /[^/]\.([A-Za-z0-9]{1,8})$/.exec(name)?.[1]?.toLowerCase() ?? ''
}
