const MAX_CHARS = 255

// RFC 6838 section 4.2 (names), RFC 9110 section 8.3.1 (parameters; here without escapes).
const NAME = '[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}'
const PARAMETER = ';[ \\t]*[A-Za-z0-9!#$&^_.+-]+=(?:[A-Za-z0-9!#$&^_.+-]+|"[ !#-[\\]-~]*")'
const TYPE = new RegExp(`^(${NAME})/(${NAME})(?:[ \\t]*${PARAMETER})*$`)
const PATTERN = new RegExp(`^(?:\\*/\\*|${NAME}/(?:\\*|${NAME}))$`)

/** Returns true for one well-formed media type, with or without parameters (RFC 9110 section 8.3.1). */
export function isContentType(text: string): boolean {
  return text.length <= MAX_CHARS && TYPE.test(text)
}

/** Returns true for a media type without parameters, `type/*`, or `*` for both parts. */
export function isContentTypePattern(text: string): boolean {
  return text.length <= MAX_CHARS && PATTERN.test(text)
}

/** Returns true if a well-formed media type matches one of the patterns; parameters and case are ignored. */
export function isContentTypeAllowed(type: string, patterns: readonly string[]): boolean {
  const [, main, sub] = (type.length <= MAX_CHARS && TYPE.exec(type.toLowerCase())) || []
  if (main === undefined) return false
  // Any XML type can contain a script, and browsers display `video/*`.
  const isScript = PLAYED.test(main) && sub?.endsWith('+xml')
  const fitting = ['*/*', isScript ? '' : `${main}/*`, `${main}/${sub}`]
  return patterns.some((pattern) => fitting.includes(pattern.toLowerCase()))
}

const PLAYED = /^(?:audio|video)$/
const INLINE =
  /^(?:image\/(?:png|jpeg|gif|webp|avif)|application\/pdf|text\/plain|(?:audio|video)\/(?!.*\+xml$).*)$/i

/** Returns true if browsers display every type of this pattern without running it as a page or script. */
export function isInlineType(pattern: string): boolean {
  return INLINE.test(pattern)
}
