import type { UploadGrant } from './grant'

// OSS signs these only when asked to, as additional headers (OSS: V4 signature).
const ADDITIONAL = ['cache-control', 'content-disposition', 'content-length']

/** The headers of a PUT that a URL for this grant signs, all of which the client must send. */
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
