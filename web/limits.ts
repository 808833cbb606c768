import { Failure } from './failure'
import { formatBytes } from './format'

/** What a rule allows to be uploaded. */
export type Limits = {
  contentTypes: readonly string[]
  minBytes: number
  /** `Infinity` for a rule that doesn't limit sizes. */
  maxBytes: number
}

/** Throws a failure for a file outside the limits, in the codes of the functions. */
export function checkLimits(file: { contentType: string; size: number }, limits: Limits): void {
  const { contentType, size } = file
  const { contentTypes, minBytes, maxBytes } = limits
  if (!isTypeAllowed(contentType, contentTypes)) {
    throw new Failure({
      title: `File type not allowed: this one is ${contentType}`,
      detail: `This rule allows the content types ${contentTypes.join(', ')}.`,
      code: 'file_type_not_allowed',
    })
  }
  if (size > maxBytes) {
    const title = `File too large: at most ${compareBytes(maxBytes, size)}`
    throw new Failure({ title, detail: '', code: 'file_too_large' })
  }
  if (size < minBytes) {
    const title = `File too small: at least ${compareBytes(minBytes, size)}`
    throw new Failure({ title, detail: '', code: 'file_too_small' })
  }
}

// Rounded, one byte over a limit looks like the limit.
function compareBytes(limit: number, size: number): string {
  const [limitText, sizeText] = [formatBytes(limit), formatBytes(size)]
  const isSame = limitText === sizeText
  return isSame
    ? `${limit} bytes, this one has ${size} bytes`
    : `${limitText}, this one has ${sizeText}`
}

// RFC 6838 section 4.2 (names), RFC 9110 section 8.3.1 (parameters; here without escapes).
const NAME = '[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}'
const PARAMETER = ';[ \\t]*[A-Za-z0-9!#$&^_.+-]+=(?:[A-Za-z0-9!#$&^_.+-]+|"[ !#-[\\]-~]*")'
const TYPE = new RegExp(`^(${NAME})/(${NAME})(?:[ \\t]*${PARAMETER})*$`)
const MAX_TYPE_CHARS = 255

/** True for a content type that fits one of the patterns of a rule, as the functions judge it. @internal */
export function isTypeAllowed(contentType: string, patterns: readonly string[]): boolean {
  if (contentType.length > MAX_TYPE_CHARS) return false
  const [, main, sub] = TYPE.exec(contentType.toLowerCase()) ?? []
  if (main === undefined || sub === undefined) return false
  // XML can hold a script, and browsers play `audio/*` and `video/*`.
  const isScript = (main === 'audio' || main === 'video') && sub.endsWith('+xml')
  const fitting = ['*/*', `${main}/${sub}`, ...(isScript ? [] : [`${main}/*`])]
  return patterns.some((pattern) => fitting.includes(pattern.toLowerCase()))
}
