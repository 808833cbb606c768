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
// Types whose content has no fixed first bytes.
const WITHOUT_MARK = /^text\/|^application\/(?:octet-stream|xml)$|\+xml$/

/** Returns true if the first bytes of a file match its declared media type, or if the type has no fixed first bytes. */
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
    // The library throws if a file continues after the bytes that we have.
    return undefined
  }
}
