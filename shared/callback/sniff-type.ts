import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type/core'

// Types with the same first bytes, or with several names.
const FAMILIES: readonly RegExp[] = [
  /^image\/(?:jpeg|jpg|pjpeg)$/,
  /^image\/(?:bmp|x-ms-bmp)$/,
  /^image\/(?:x-icon|vnd\.microsoft\.icon)$/,
  /^image\/hei[cf](?:-sequence)?$/,
  /^audio\/(?:wav|wave|x-wav|vnd\.wave)$/,
  /^audio\/(?:mpeg|mp3)$/,
  /^(?:audio|video)\/(?:mp4|x-m4[abv]|quicktime|3gpp2?)$/,
  /^(?:audio|video|application)\/(?:ogg|ogg; codecs=opus|opus)$/,
  /^(?:audio|video)\/(?:webm|matroska|x-matroska)$/,
  /^application\/(?:gzip|x-gzip)$/,
  /^application\/(?:zip|x-zip-compressed|epub\+zip|java-archive)$|^application\/vnd\.(?:openxmlformats|oasis)/,
  /^application\/(?:x-cfb|msword|vnd\.ms-excel|vnd\.ms-powerpoint)$/,
  /^(?:text|application)\/xml$|\+xml$/,
]

/** Returns true if the first bytes of a file match its declared media type, or if the type has no fixed first bytes. */
export async function fitsType(bytes: Uint8Array, declared: string): Promise<boolean> {
  const type = declared.replace(/;.*/s, '').trim().toLowerCase()
  if (type === 'application/octet-stream') return true
  const found = (await fileTypeFromBuffer(bytes))?.mime
  if (found === undefined) return !hasFixedStart(type)
  return found === type || FAMILIES.some((family) => family.test(found) && family.test(type))
}

// Text and XML may begin with anything, even if the library recognizes some of it.
function hasFixedStart(type: string): boolean {
  if (type.startsWith('text/') || type.endsWith('xml')) return false
  return supportedMimeTypes.has(type) || FAMILIES.some((family) => family.test(type))
}
