import type { Answer } from './cloud'
import type { OssError } from './errors/oss-error'
import { toXml, type XmlValue } from './xml'

/** Returns a response with an XML document. */
export function xmlAnswer(root: string, value: XmlValue, status = 200): Answer {
  return { status, headers: { 'content-type': 'application/xml' }, body: toXml(root, value) }
}

/**
 * Returns the XML error response; for HEAD the document is in a header, because there is no body.
 */
export function errorAnswer(
  error: OssError,
  { method, requestId, host }: { method: string; requestId: string; host: string },
): Answer & { body?: string } {
  const { code, message, details, ec, status } = error
  const document = toXml('Error', {
    Code: code,
    Message: message,
    RequestId: requestId,
    HostId: host,
    ...details,
    ...(ec === '' ? {} : { EC: ec, RecommendDoc: `https://api.aliyun.com/troubleshoot?q=${ec}` }),
  })
  const headers = {
    'content-type': 'application/xml',
    ...(ec === '' ? {} : { 'x-oss-ec': ec }),
    ...error.headers,
  }
  if (method !== 'HEAD') return { status, headers, body: document, error }
  const encoded = Buffer.from(document).toString('base64')
  return { status, headers: { ...headers, 'x-oss-err': encoded }, error }
}
