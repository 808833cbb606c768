/** The longest object key of OSS (OSS: naming conventions). */
const MAX_KEY_BYTES = 1023

/** Why a name can't be stored: what is in it, and where. */
export type NameIssue =
  | { what: 'empty' }
  | { what: 'long'; bytes: number; most: number }
  | { what: NamedIssue; where: number; code: string }

type NamedIssue = (typeof ISSUES)[number][1]

const ISSUES = [
  [
    /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Noncharacter_Code_Point}\u{feff}]/u,
    'control',
  ],
  [/\p{Bidi_Control}/u, 'direction'],
  // Joiners and variation selectors are part of emoji and of some scripts.
  [
    /(?![\u200c\u200d]|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/u,
    'invisible',
  ],
  [/\\/u, 'backslash'],
  [/^\/|\/(?=\/|$)/u, 'slash'],
  [/(?:^|\/)\.\.?(?:\/|$)/u, 'dots'],
  [/\$\{/u, 'variable'],
] as const satisfies readonly (readonly [RegExp, string])[]

// A black flag, the letters of a part of a country as tags, and their end (UTS #51, ED-14a).
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu

/**
 * Finds why a name in Unicode NFC can't be stored: which character and where. The functions refuse the same names; with STS they
 * would hear of it after the upload.
 */
export function findNameIssue(name: string): NameIssue | undefined {
  if (name === '') return { what: 'empty' }
  const bytes = new TextEncoder().encode(name).length
  if (bytes > MAX_KEY_BYTES) return { what: 'long', bytes, most: MAX_KEY_BYTES }
  const visible = name.replace(FLAG, (flag) => '-'.repeat([...flag].length))
  for (const [pattern, what] of ISSUES) {
    const found = pattern.exec(visible)
    if (found) return { what, ...whereIs(found) }
  }
  return undefined
}

// A single character is named by its code as well, since many of these can't be seen.
function whereIs({ 0: found, index, input }: RegExpExecArray): { where: number; code: string } {
  const where = [...input.slice(0, index)].length + 1
  const [code, ...more] = Array.from(found, (each) => each.codePointAt(0) ?? 0)
  if (code === undefined || more.length > 0) return { where, code: '' }
  return { where, code: `U+${code.toString(16).toUpperCase().padStart(4, '0')}` }
}
