import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import { type Headers, isHeaderValue, type OssRequest } from '../wire'
import type { Form } from './form-reader'

const STORED = ['cache-control', 'content-disposition', 'content-encoding', 'expires']
const ACL = 'x-oss-object-acl'

/**
 * Returns the fields that describe the object, as the headers of a PutObject. Only the ACL may also
 * be a header of the request, if no field has it (OSS: PostObject).
 */
export function objectFields({ fields, fileType }: Form, request: OssRequest): Headers {
  const headers: Record<string, string> = {}
  const acl = request.headers[ACL]
  if (acl !== undefined) headers[ACL] = acl
  for (const [name, value] of fields) {
    if (STORED.includes(name) || name.startsWith('x-oss-')) headers[name] = value
  }
  // x-oss-content-type has priority over the type of the file part, and that over the Content-Type
  // field.
  const type = fields.get('x-oss-content-type') || fileType || fields.get('content-type')
  if (type !== undefined) headers['content-type'] = type
  const { 'x-oss-tagging': _, ...supported } = headers
  // A value that no header can have could be stored, but never returned.
  const bad = Object.entries(supported).find(([, value]) => !isHeaderValue(value))
  if (bad) throw new OssError(OBJECT.argument, { ArgumentName: bad[0] })
  return supported
}
