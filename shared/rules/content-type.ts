const MAX_CHARS = 255

// RFC 6838 section 4.2 (names), RFC 9110 section 8.3.1 (parameters; here without escapes).
const NAME = '[A-Za-z0-9][A-Za-z0-9!#$&^_.+-]{0,126}'
const PARAMETER = ';[ \\t]*[A-Za-z0-9!#$&^_.+-]+=(?:[A-Za-z0-9!#$&^_.+-]+|"[ !#-[\\]-~]*")'
const TYPE = new RegExp(`^(${NAME})/(${NAME})(?:[ \\t]*${PARAMETER})*$`)
const PATTERN = new RegExp(`^(?:\\*/\\*|${NAME}/(?:\\*|${NAME}))$`)

/** Whether this is one well-formed media type, with or without parameters. */
export function isContentType(text: string): boolean {
  return text.length <= MAX_CHARS && TYPE.test(text)
}

/** Whether this is a media type without parameters, a `type/*`, or `*` for both halves. */
export function isContentTypePattern(text: string): boolean {
  return text.length <= MAX_CHARS && PATTERN.test(text)
}

/** Whether a well-formed media type fits one of the patterns; parameters and case don't matter. */
export function isContentTypeAllowed(type: string, patterns: readonly string[]): boolean {
  const [, main, sub] = (type.length <= MAX_CHARS && TYPE.exec(type.toLowerCase())) || []
  if (main === undefined) return false
  // XML by any name can hold a script, and `video/*` is shown in browsers.
  const isScript = PLAYED.test(main) && sub?.endsWith('+xml')
  const fitting = ['*/*', isScript ? '' : `${main}/*`, `${main}/${sub}`]
  return patterns.some((pattern) => fitting.includes(pattern.toLowerCase()))
}

const PLAYED = /^(?:audio|video)$/
const INLINE =
  /^(?:image\/(?:png|jpeg|gif|webp|avif)|application\/pdf|text\/plain|(?:audio|video)\/(?!.*\+xml$).*)$/i

/** Whether browsers show everything of this pattern without running any of it as a page or script. */
export function isInlineType(pattern: string): boolean {
  return INLINE.test(pattern)
}
