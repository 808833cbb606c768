import { OBJECT } from '../errors/object'
import { OssError } from '../errors/oss-error'
import type { Headers } from '../wire'

/** The first and the last requested byte, inclusive. */
export type ByteRange = { start: number; end: number }

/**
 * Returns the range of a GET, or `undefined` for the complete object. By default OSS returns the
 * complete object for a range that extends beyond it; `x-oss-range-behavior: standard` follows RFC
 * 9110.
 */
export function readRange(headers: Headers, size: number): ByteRange | undefined {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range?.split(',')[0]?.trim() ?? '')
  if (!match) return undefined
  const [, first = '', last = ''] = match
  if (first === '' && last === '') return undefined
  const isStandard = headers['x-oss-range-behavior'] === 'standard'
  return isStandard ? standardRange(first, last, size) : defaultRange(first, last, size)
}

function defaultRange(first: string, last: string, size: number): ByteRange | undefined {
  if (first === '') {
    const length = Number(last)
    return length === 0 || length > size ? undefined : { start: size - length, end: size - 1 }
  }
  const start = Number(first)
  const end = last === '' ? size - 1 : Number(last)
  return start > end || end >= size ? undefined : { start, end }
}

function standardRange(first: string, last: string, size: number): ByteRange | undefined {
  const start = first === '' ? Math.max(size - Number(last), 0) : Number(first)
  const end = first === '' || last === '' ? size - 1 : Math.min(Number(last), size - 1)
  if (first !== '' && last !== '' && Number(last) < Number(first)) return undefined
  if (start < size && !(first === '' && Number(last) === 0)) return { start, end }
  throw new OssError(
    OBJECT.invalidRange,
    { ActualObjectSize: size, RangeRequested: `${first}-${last}` },
    { headers: { 'content-range': `bytes */${size}` } },
  )
}
