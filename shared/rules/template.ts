import { toSegment } from './subject'

/** The reserved prefix of the ledger and the deny list, which no rule can reach. */
export const RESERVED_PREFIX = '.oss-direct/'

/** The maximum length of a key template. */
export const MAX_TEMPLATE_CHARS = 512

/** The placeholders of a key template. */
export const PLACEHOLDERS = ['sub', 'uuid', 'ext', 'path', 'yyyy', 'mm', 'dd'] as const
/** The name of a placeholder of a key template. */
export type Placeholder = (typeof PLACEHOLDERS)[number]

type Part = { literal: string } | { placeholder: Placeholder }

/** A parsed key template. */
export type Template = {
  text: string
  parts: readonly Part[]
  /** Matches every key that the template can produce; each group is a caller's segment. */
  pattern: RegExp
  /** The common prefix of all keys of all callers: whole folders, ending in `/`. */
  literalPrefix: string
  /** The folders that do not depend on the file: literals, `{sub}` and dates. */
  prefixText: string
  prefixParts: readonly Part[]
  /** The folders of all objects of a caller, of every date; of all callers if the prefix does not separate them. */
  ownText: string
  ownParts: readonly Part[]
  /** True if the prefix separates callers. */
  isolates: boolean
}

const PATTERNS = {
  sub: '([^/]+)',
  uuid: '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}',
  ext: '[a-z0-9]{1,16}',
  path: '.+',
  yyyy: '[0-9]{4}',
  mm: '[0-9]{2}',
  dd: '[0-9]{2}',
} as const satisfies Record<Placeholder, string>

const BY_FILE: readonly string[] = ['{uuid}', '{ext}', '{path}']

/** Parses a template without issues (`findTemplateIssues`). */
export function toTemplate(text: string): Template {
  const parts = toParts(text)
  const before = BY_FILE.map((mark) => text.indexOf(mark)).filter((index) => index >= 0)
  const prefixText = toFolders(text.slice(0, Math.min(text.length, ...before)))
  const literalPrefix = toFolders(text.split('{')[0] ?? '')
  const ownText = /^.*?\{sub\}\//.exec(prefixText)?.[0] ?? literalPrefix
  return {
    text,
    parts,
    pattern: new RegExp(`^${parts.map(toPattern).join('')}$`, 'su'),
    literalPrefix,
    prefixText,
    prefixParts: toParts(prefixText),
    ownText,
    ownParts: toParts(ownText),
    isolates: prefixText.includes('{sub}'),
  }
}

function toParts(text: string): Part[] {
  return text
    .split(/(\{[^{}]*\})/)
    .filter((piece) => piece !== '')
    .map((piece) => {
      const placeholder = PLACEHOLDERS.find((name) => piece === `{${name}}`)
      return placeholder === undefined ? { literal: piece } : { placeholder }
    })
}

function toPattern(part: Part): string {
  if ('placeholder' in part) return PATTERNS[part.placeholder]
  return part.literal.replace(/[.+()]/g, (mark) => `\\${mark}`)
}

function toFolders(text: string): string {
  return text.slice(0, text.lastIndexOf('/') + 1)
}

/** Joins the parts of a template, with every placeholder replaced by the result of `toText`. */
export function fillParts(
  parts: readonly Part[],
  toText: (placeholder: Placeholder) => string,
): string {
  return parts
    .map((part) => ('placeholder' in part ? toText(part.placeholder) : part.literal))
    .join('')
}

/** Returns true if this template can produce this key for this caller. */
export function fitsTemplate({ pattern }: Template, sub: string, key: string): boolean {
  const owners = pattern.exec(key)?.slice(1)
  const segment = toSegment(sub)
  return owners?.every((owner) => owner === segment) ?? false
}
