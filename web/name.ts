import { Failure } from './failure'

/** The longest object key of OSS (OSS: naming conventions). */
const MAX_KEY_BYTES = 1023

const ISSUES: readonly (readonly [RegExp, string])[] = [
  [
    /[\p{Control}\p{Line_Separator}\p{Paragraph_Separator}\p{Surrogate}\p{Noncharacter_Code_Point}\u{feff}]/u,
    'a control character or broken text',
  ],
  [/\p{Bidi_Control}/u, 'a character that changes the direction of text'],
  // Joiners and variation selectors are part of emoji and of some scripts.
  [
    /(?![\u200c\u200d]|\p{Variation_Selector})[\p{Default_Ignorable_Code_Point}\u{fff9}-\u{fffb}]/u,
    'an invisible character',
  ],
  [/\\/u, 'a backslash'],
  [/^\/|\/(?=\/|$)/u, 'a slash without a folder or file name beside it'],
  [/(?:^|\/)\.\.?(?:\/|$)/u, '"." or ".." as a folder or file'],
  [/\$\{/u, '"${"'],
]

// A black flag, the letters of a part of a country as tags, and their end (UTS #51, ED-14a).
const FLAG = /\u{1f3f4}[\u{e0030}-\u{e0039}\u{e0061}-\u{e007a}]{3,6}\u{e007f}/gu

/** Throws a failure for a name in Unicode NFC that the functions refuse: with STS they hear of it after the upload. */
export function checkName(name: string): void {
  const issue = findNameIssue(name)
  if (issue === undefined) return
  throw new Failure({
    title: `This name can't be stored: ${issue}`,
    detail: 'Rename the file, then choose it again.',
    code: 'invalid_key',
  })
}

/** Finds why a name in Unicode NFC can't be stored: which character and where. @internal */
export function findNameIssue(name: string): string | undefined {
  if (name === '') return 'it is empty'
  const bytes = new TextEncoder().encode(name).length
  if (bytes > MAX_KEY_BYTES) {
    return `it has ${bytes} bytes with its folders, and at most ${MAX_KEY_BYTES} are allowed`
  }
  const visible = name.replace(FLAG, (flag) => '-'.repeat([...flag].length))
  for (const [pattern, what] of ISSUES) {
    const found = pattern.exec(visible)
    if (found) return `it holds ${what} (${whereIs(found)})`
  }
  return undefined
}

// A single character is named by its code as well, since many of these can't be seen.
function whereIs({ 0: found, index, input }: RegExpExecArray): string {
  const position = `character ${[...input.slice(0, index)].length + 1}`
  const [code, ...more] = Array.from(found, (each) => each.codePointAt(0) ?? 0)
  if (code === undefined || more.length > 0) return position
  return `U+${code.toString(16).toUpperCase().padStart(4, '0')}, ${position}`
}
