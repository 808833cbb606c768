import { encodeStrict } from '../encode'
import { firstValue, type Query } from '../wire'
import { badArgument } from './object-headers'

/**
 * Returns the encoder of names in XML: percent-encoding for `encoding-type=url`, otherwise none.
 */
export function listEncoder(
  query: Query,
  header?: string,
): {
  encode: (name: string) => string
  element: { EncodingType?: string }
} {
  const type = firstValue(query, 'encoding-type') ?? header
  if (type === undefined || type === '') return { encode: (name) => name, element: {} }
  if (type.toLowerCase() !== 'url') throw badArgument('encoding-type', type)
  return { encode: encodeStrict, element: { EncodingType: 'url' } }
}
