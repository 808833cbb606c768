import type { UploadGrant } from './grant'

// A signature covers these only as additional headers (OSS: signature V4).
const ADDITIONAL = ['cache-control', 'content-disposition', 'content-length']

/** Returns the headers that a PUT URL for this grant signs; the client must send all of them. */
export function putHeaders(grant: UploadGrant): {
  headers: Record<string, string>
  additionalHeaders: string[]
} {
  const { contentType, contentLength, contentMd5, overwrite } = grant
  const headers: Record<string, string> = {
    'content-type': contentType,
    ...(contentLength !== undefined && { 'content-length': String(contentLength) }),
    ...(contentMd5 !== undefined && { 'content-md5': contentMd5 }),
    ...(!overwrite && { 'x-oss-forbid-overwrite': 'true' }),
    ...grant.headers,
  }
  return { headers, additionalHeaders: ADDITIONAL.filter((name) => name in headers) }
}
