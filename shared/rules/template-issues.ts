import { PLACEHOLDERS, RESERVED_PREFIX } from './template'

const ISSUES: readonly (readonly [RegExp, string])[] = [
  [/^$/, 'is empty (use for example "files/{sub}/{path}")'],
  [/^\//, 'starts with a slash (leave it out)'],
  [
    /\{(?!(?:sub|uuid|ext|path|yyyy|mm|dd)\})/,
    `contains an unknown placeholder (use ${allMarks()})`,
  ],
  [/^(?:[^{}]|\{[^{}]*\})*\}/, `contains a } without a { (use ${allMarks()})`],
  // A key with two could be split in many ways, and a pattern with many would take exponential time.
  [/\{ext\}.*\{ext\}/s, 'contains {ext} more than once (use it once, as in "{uuid}.{ext}")'],
  [
    /^[^/]*\{|^[^/]*$/,
    'does not begin with a fixed folder (begin with one such as "files/": roles are limited to it)',
  ],
  [
    new RegExp(`^${RESERVED_PREFIX.replace('.', '\\.')}`),
    `begins with ${RESERVED_PREFIX}, which is reserved (choose another folder)`,
  ],
  [/\/(?:\/|$)/, 'contains an empty path segment (leave out the extra slash)'],
  [/(?:^|\/)\.\.?(?:\/|$)/, 'contains "." or ".." as a path segment (leave it out)'],
  [/[^/]\{sub\}|\{sub\}[^/]/, 'has {sub} inside a folder name (use it as a whole folder name)'],
  [
    /[^/]\{path\}|\{path\}./s,
    'has {path} in another place than the end (put it after the last slash)',
  ],
]
const SAFE_LITERAL = /^[A-Za-z0-9!'()+,\-./:;=@_~]*$/

/** Returns the issues of a key template, each with its solution; the template must not be longer than `MAX_TEMPLATE_CHARS`. */
export function findTemplateIssues(text: string): string[] {
  const issues = ISSUES.filter(([pattern]) => pattern.test(text)).map(([, sentence]) => sentence)
  const isSafe = SAFE_LITERAL.test(text.replace(/[{}]/g, ''))
  if (!isSafe) issues.push('contains a character that is not allowed (use letters, digits, . _ -)')
  return issues
}

function allMarks(): string {
  return PLACEHOLDERS.map((name) => `{${name}}`).join(' ')
}
