import { MAX_KEY_BYTES } from '../signing/limits'

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [
    /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Noncharacter_Code_Point}\u{feff}]/u,
    'it holds a control character or broken text',
  ],
  [/\p{Bidi_Control}/u, 'it holds a character that changes the direction of text'],
  // Not the joiners, which emoji and Persian need, nor the selectors that choose between two forms of a character.
  [
    /(?![\u200c\u200d]|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/u,
    'it holds an invisible character',
  ],
  [/\\/, 'it holds a backslash'],
  [/^\//, 'it starts with a slash'],
  [/\/(\/|$)/, 'a folder or file in it has no name'],
  [/(^|\/)\.\.?(\/|$)/, 'it holds "." or ".." as a folder'],
  // OSS replaces `${filename}` in the key of a form by a name that the client sends later.
  [/\$\{/, 'it holds "${"'],
]

// Most names, at a tenth of the price: nothing below can be wrong with them.
const PLAIN = /^[\w-][\w .()+@~-]*(?:\/[\w-][\w .()+@~-]*)*$/

// Flags of parts of a country: a black flag, the letters of its code as tags, and their end (UTS #51, ED-14a).
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu

/** Why this file name, path or key can't be stored under; nothing when it can. */
export function findNameProblem(name: string): string | undefined {
  if (name.length <= MAX_KEY_BYTES && PLAIN.test(name)) return undefined
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) return `it is longer than ${MAX_KEY_BYTES} bytes`
  if (name !== name.normalize('NFC')) return 'it is not in Unicode normal form C'
  const visible = name.replace(FLAG, '-')
  return PROBLEMS.find(([pattern]) => pattern.test(visible))?.[1]
}
