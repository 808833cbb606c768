import { MAX_KEY_BYTES } from '../signing/limits'

const PROBLEMS: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'it is empty'],
  [
    /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Noncharacter_Code_Point}\u{feff}]/u,
    'it holds a control character or broken text',
  ],
  [/\p{Bidi_Control}/u, 'it holds a character that changes the direction of text'],
  [/\\/, 'it holds a backslash'],
  [/^\//, 'it starts with a slash'],
  [/\/(\/|$)/, 'a folder or file in it has no name'],
  [/(^|\/)\.\.?(\/|$)/, 'it holds "." or ".." as a folder'],
  // OSS replaces `${filename}` in the key of a form by a name that the client sends later.
  [/\$\{/, 'it holds "${"'],
]

// Most names, at a tenth of the price: nothing below can be wrong with them.
const PLAIN = /^[\w-][\w .()+@~-]*(?:\/[\w-][\w .()+@~-]*)*$/

/** Why this file name, path or key can't be stored under; nothing when it can. */
export function findNameProblem(name: string): string | undefined {
  if (name.length <= MAX_KEY_BYTES && PLAIN.test(name)) return undefined
  if (Buffer.byteLength(name) > MAX_KEY_BYTES) return `it is longer than ${MAX_KEY_BYTES} bytes`
  if (name !== name.normalize('NFC')) return 'it is not in Unicode normal form C'
  return PROBLEMS.find(([pattern]) => pattern.test(name))?.[1]
}
