import { fileTypeFromBuffer, supportedMimeTypes } from 'file-type/core'

// Types whose first bytes are the same, or that have several names.
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
// Nothing is promised of the bytes, or they have no mark that one could look for.
const WITHOUT_MARK = /^text\/|^application\/(?:octet-stream|xml)$|\+xml$/

/** Whether the first bytes of a file can be of its declared media type; true for types that have no such mark. */
export async function fitsType(bytes: Uint8Array, declared: string): Promise<boolean> {
  const type = declared.replace(/;.*/s, '').trim().toLowerCase()
  if (type === 'application/octet-stream') return true
  const found = await findType(bytes)
  if (found === undefined) return WITHOUT_MARK.test(type) || !supportedMimeTypes.has(type)
  return found === type || FAMILIES.some((family) => family.test(found) && family.test(type))
}

async function findType(bytes: Uint8Array): Promise<string | undefined> {
  try {
    return (await fileTypeFromBuffer(bytes))?.mime
  } catch {
    // The library reads on where a file says that more follows, and we have only its beginning.
    return undefined
  }
}
