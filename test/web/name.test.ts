import { findNameProblem } from '../../shared/policy/name'
import { checkName, findNameIssue } from '../../web/name'

const FLAG_OF_WALES = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}'

test.each([
  ['', 'it is empty'],
  ['a\u0007.png', 'it holds a control character or broken text (U+0007, character 2)'],
  ['文件\u{feff}', 'it holds a control character or broken text (U+FEFF, character 3)'],
  ['\ud83d.png', 'it holds a control character or broken text (U+D83D, character 1)'],
  [
    '😀\u202egnp.exe',
    'it holds a character that changes the direction of text (U+202E, character 2)',
  ],
  ['ab\u200b.png', 'it holds an invisible character (U+200B, character 3)'],
  [`${FLAG_OF_WALES}\u{e0041}`, 'it holds an invisible character (U+E0041, character 8)'],
  ['a\\b.png', 'it holds a backslash (U+005C, character 2)'],
  ['/a', 'it holds a slash without a folder or file name beside it (U+002F, character 1)'],
  ['a//b', 'it holds a slash without a folder or file name beside it (U+002F, character 2)'],
  ['a/', 'it holds a slash without a folder or file name beside it (U+002F, character 2)'],
  ['a/../b', 'it holds "." or ".." as a folder or file (character 2)'],
  ['${', 'it holds "${" (character 1)'],
  ['a'.repeat(1024), 'it has 1024 bytes with its folders, and at most 1023 are allowed'],
  ['文'.repeat(342), 'it has 1026 bytes with its folders, and at most 1023 are allowed'],
])('says which character of %j can not be stored, and where', (name, issue) => {
  expect(findNameIssue(name)).toBe(issue)
  const failure = {
    title: `This name can't be stored: ${issue}`,
    detail: 'Rename the file, then choose it again.',
    code: 'invalid_key',
  }
  expect(() => checkName(name)).toThrow(expect.objectContaining(failure))
})

test.each(['a', '..a/b..c', '👩‍👧 ❤️.png', FLAG_OF_WALES, '文'.repeat(341), '$a{b}', 'é'])(
  'lets %j through',
  (name) => {
    expect(() => checkName(name)).not.toThrow()
  },
)

test('judges every character as the functions do', () => {
  const differing: number[] = []
  for (let code = 0; code <= 0x10ffff; code += 1) {
    // Planes 3 to 13, 15 and 16 hold ideographs and private use alone, beside their last two.
    const plane = code >> 16
    if (plane > 2 && plane !== 14 && (code & 0xffff) === 0x100) code += 0xfe00
    const name = `a${String.fromCodePoint(code)}b`.normalize('NFC')
    const isRefused = findNameProblem(name) !== undefined
    if ((findNameIssue(name) !== undefined) !== isRefused) differing.push(code)
  }
  expect(differing).toEqual([])
})

test('judges paths as the functions do', () => {
  const pieces = ['', '/', '.', '..', 'a', '\\', '${', '$', FLAG_OF_WALES, '\u200d']
  for (const one of pieces)
    for (const two of pieces)
      for (const three of pieces) {
        const name = `${one}${two}${three}`
        const isRefused = findNameProblem(name) !== undefined
        expect([name, findNameIssue(name) !== undefined]).toEqual([name, isRefused])
      }
})
