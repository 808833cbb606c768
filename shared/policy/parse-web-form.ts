import * as v from 'valibot'
import { type FormRequest, formRequestSchema, type PrefixFormRequest } from '../rules/requests'
import { parseRequest, toMalformed } from '../schema/issues'
import { strictObject } from '../schema/schema'

const { rule, filename, contentType } = formRequestSchema.entries

/** The query of a request for a form of Alibaba's web samples, without `as`. */
export const webFormRequestSchema = strictObject({
  rule,
  filename: v.exactOptional(filename),
  contentType: v.exactOptional(contentType),
  contentLength: v.exactOptional(
    v.pipe(v.string(), v.regex(/^(?:0|[1-9]\d{0,14})$/, 'must be an integer')),
  ),
})

/**
 * Parses the query of a request for a form of Alibaba's web samples, without `as`: a form for one object if it names the
 * file, otherwise one for the caller's prefix. Throws `request_malformed`.
 */
export function parseWebFormRequest(
  query: Readonly<Record<string, string>>,
): FormRequest | PrefixFormRequest {
  const { contentLength, filename, contentType, ...named } = parseRequest(
    webFormRequestSchema,
    query,
  )
  const sized = contentLength === undefined ? {} : { contentLength: Number(contentLength) }
  if (filename === undefined) {
    const typed = contentType === undefined ? {} : { contentType }
    return { operation: 'prefix-form', ...named, ...typed, ...sized }
  }
  if (contentType === undefined) throw toMalformed('contentType', 'is missing')
  return { operation: 'form', ...named, filename, contentType, ...sized }
}
