import { refusal } from './errors'
import type { RuleDescription } from './shared-types'
import type { UploadOptions } from './types'

// Above this, a lost connection costs more than the further requests of parts.
const LARGE_BYTES = 16 * 1024 * 1024

/** The way of an upload. */
export type Way = NonNullable<UploadOptions['mechanism']>

/** A file as a rule sees it. */
export interface CheckedFile {
  contentType: string
  size: number
}

/** Throws what the functions would answer to a file of this type and size, before a byte is sent. */
export function checkFile(
  { contentType, size }: CheckedFile,
  { upload, name }: RuleDescription,
): void {
  if (!upload) throw refusal('not_allowed', `Rule ${name} takes no uploads.`)
  const { contentTypes, minBytes = 0, maxBytes = Number.POSITIVE_INFINITY } = upload
  if (!isTypeAllowed(contentType, contentTypes)) {
    throw refusal(
      'file_type_not_allowed',
      `This rule allows the content types ${contentTypes.join(', ')}; this file has ${contentType}.`,
    )
  }
  if (size > maxBytes) {
    throw refusal(
      'file_too_large',
      `This rule allows at most ${maxBytes} bytes; this file has ${size}.`,
    )
  }
  if (size < minBytes) {
    throw refusal(
      'file_too_small',
      `This rule requires at least ${minBytes} bytes; this file has ${size}.`,
    )
  }
}

/** Chooses how a file is sent: in parts where it is large, else with one PUT, or by a form where the rule wants that. */
export function chooseWay(rule: RuleDescription, size: number, wanted?: Way): Way {
  const ways = waysOf(rule)
  const [first] = ways
  if (wanted ? !ways.includes(wanted) : !first) {
    throw refusal(
      'mechanism_not_allowed',
      `Rule ${rule.name} does not allow this mechanism. ${first ? `Use: ${ways.join(', ')}.` : 'Use credentials().'}`,
    )
  }
  if (wanted) return wanted
  return ways.includes('parts') && size > LARGE_BYTES ? 'parts' : (first as Way)
}

/** Returns the ways of sending that a rule allows, the preferred one first; none for a rule that has `sts` alone. */
export function waysOf({ upload }: RuleDescription): Way[] {
  const { mechanisms = [], multipart, needsMd5 } = upload ?? {}
  const hasUrl = mechanisms.includes('url')
  return [
    // The client computes no MD5.
    ...(hasUrl && !needsMd5 ? (['put'] as const) : []),
    ...(mechanisms.includes('form') ? (['form'] as const) : []),
    ...(hasUrl && multipart ? (['parts'] as const) : []),
  ]
}

function isTypeAllowed(contentType: string, patterns: readonly string[]): boolean {
  const type = contentType.toLowerCase().split(';', 1)[0]?.trim() ?? ''
  const [main] = type.split('/')
  // Any XML type can contain a script, and browsers play `audio/*` and `video/*`.
  const isScript = /^(audio|video)\/.*\+xml$/.test(type)
  return patterns.some((pattern) =>
    ['*/*', type, isScript ? '' : `${main}/*`].includes(pattern.toLowerCase()),
  )
}
