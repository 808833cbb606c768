import { maskText, shorten } from './decode'

/** A part of a canonical request. */
export type CanonicalPart = 'method' | 'path' | 'query' | 'headers' | 'additional' | 'payload'

/** Splits a canonical request of V4 into its parts; the query has a line for each parameter. */
export function splitCanonical(text: string): [CanonicalPart, string][] {
  const lines = text.split('\n')
  const [method = '', path = '', query = '', ...rest] = lines
  const [additional = '', payload = ''] = rest.slice(-2)
  const parts: [CanonicalPart, string][] = [
    ['method', method],
    ['path', path],
    [
      'query',
      query
        .split('&')
        .map((pair) => shorten(pair, LONGEST))
        .join('\n'),
    ],
    [
      'headers',
      rest
        .slice(0, -3)
        .map((line) => shorten(line, LONGEST))
        .join('\n'),
    ],
    ['additional', additional],
    ['payload', payload],
  ]
  return parts.map(([name, value]) => [name, value === '' ? '(–)' : maskText(value)])
}

const LONGEST = 100
