import { PLACEHOLDERS, RESERVED_PREFIX } from './template'

const ISSUES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty (write something like "files/{sub}/{path}")'],
  [/^\//, 'starts with a slash (leave it out)'],
  [/\{(?!(?:sub|uuid|ext|path|yyyy|mm|dd)\})/, `holds an unknown placeholder (use ${allMarks()})`],
  [/^(?:[^{}]|\{[^{}]*\})*\}/, `holds a } that ends no placeholder (use ${allMarks()})`],
  // A key of two could be read in many ways, and a pattern of many takes time without end to try them all.
  [/\{ext\}.*\{ext\}/s, 'holds {ext} more than once (write it once, like "{uuid}.{ext}")'],
  [
    /^[^/]*\{|^[^/]*$/,
    'has no fixed folder in front (begin with one, like "files/": roles are limited to it)',
  ],
  [
    new RegExp(`^${RESERVED_PREFIX.replace('.', '\\.')}`),
    `begins with ${RESERVED_PREFIX}, where our own objects are (choose another folder)`,
  ],
  [/\/(?:\/|$)/, 'has a folder or file without a name (write one)'],
  [/(?:^|\/)\.\.?(?:\/|$)/, 'holds "." or ".." as a folder (leave it out)'],
  [/[^/]\{sub\}|\{sub\}[^/]/, 'has {sub} inside a folder name (make it a folder of its own)'],
  [/[^/]\{path\}|\{path\}./s, 'has {path} elsewhere than at the end (put it after the last slash)'],
]
const SAFE_LITERAL = /^[A-Za-z0-9!'()+,\-./:;=@_~]*$/

/** The issues of a key template that is not too long, each with its way out. */
export function findTemplateIssues(text: string): string[] {
  const issues = ISSUES.filter(([pattern]) => pattern.test(text)).map(([, sentence]) => sentence)
  const isSafe = SAFE_LITERAL.test(text.replace(/[{}]/g, ''))
  if (!isSafe) issues.push('holds a character that is not plain ASCII (use letters, digits, . _ -)')
  return issues
}

function allMarks(): string {
  return PLACEHOLDERS.map((name) => `{${name}}`).join(' ')
}
