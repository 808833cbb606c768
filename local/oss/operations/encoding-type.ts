import { encodeStrict } from '../encode'
import { firstValue, type Query } from '../wire'
import { badArgument } from './object-headers'

/** How names are written in XML: as they are, or percent-encoded for `encoding-type=url`. */
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
