import { MAX_KEY_BYTES } from '../signing/limits'

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [
    /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Noncharacter_Code_Point}\u{feff}]/u,
    'it contains a control character or invalid Unicode',
  ],
  [/\p{Bidi_Control}/u, 'it contains a character that changes the direction of text'],
  // Except the joiners, which emoji and Persian need, and the selectors between two forms of a character.
  [
    /(?![\u200c\u200d]|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/u,
    'it contains an invisible character',
  ],
  [/\\/, 'it contains a backslash'],
  [/^\//, 'it starts with a slash'],
  [/\/(\/|$)/, 'it contains an empty path segment'],
  [/(^|\/)\.\.?(\/|$)/, 'it contains "." or ".." as a path segment'],
  // OSS replaces `${filename}` in the key of a form with a name that the client sends later.
  [/\$\{/, 'it contains "${"'],
]

// Most names match, at a tenth of the cost of the tests above, and none of those can match them.
const PLAIN = /^[\w-][\w .()+@~-]*(?:\/[\w-][\w .()+@~-]*)*$/

// Flags of regions: a black flag, the letters of the code as tags, and a cancel tag (UTS #51, ED-14a).
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu

/** Returns the reason why this file name, path or key can't be used; undefined if it can (OSS: object naming conventions). */
export function findNameProblem(name: string): string | undefined {
  if (name.length <= MAX_KEY_BYTES && PLAIN.test(name)) return undefined
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) return `it is longer than ${MAX_KEY_BYTES} bytes`
  if (name !== name.normalize('NFC')) return 'it is not in Unicode normal form C'
  const visible = name.replace(FLAG, '-')
  return PROBLEMS.find(([pattern]) => pattern.test(visible))?.[1]
}
