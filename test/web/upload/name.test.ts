import { findNameProblem } from '../../../shared/policy/name'
import { findNameIssue } from '../../../web/upload/name'

const FLAG_OF_WALES = '\u{1f3f4}\u{e0067}\u{e0062}\u{e0077}\u{e006c}\u{e0073}\u{e007f}'

test.each([
  ['', { what: 'empty' }],
  ['a\u0007.png', { what: 'control', code: 'U+0007', where: 2 }],
  ['文件\u{feff}', { what: 'control', code: 'U+FEFF', where: 3 }],
  ['\ud83d.png', { what: 'control', code: 'U+D83D', where: 1 }],
  ['😀\u202egnp.exe', { what: 'direction', code: 'U+202E', where: 2 }],
  ['ab\u200b.png', { what: 'invisible', code: 'U+200B', where: 3 }],
  [`${FLAG_OF_WALES}\u{e0041}`, { what: 'invisible', code: 'U+E0041', where: 8 }],
  ['a\\b.png', { what: 'backslash', code: 'U+005C', where: 2 }],
  ['/a', { what: 'slash', code: 'U+002F', where: 1 }],
  ['a//b', { what: 'slash', code: 'U+002F', where: 2 }],
  ['a/', { what: 'slash', code: 'U+002F', where: 2 }],
  ['a/../b', { what: 'dots', code: '', where: 2 }],
  ['${', { what: 'variable', code: '', where: 1 }],
  ['a'.repeat(1024), { what: 'long', bytes: 1024, most: 1023 }],
  ['文'.repeat(342), { what: 'long', bytes: 1026, most: 1023 }],
])('finds which character of %j can not be stored, and where', (name, issue) => {
  expect(findNameIssue(name)).toEqual(issue)
})

test.each(['a', '..a/b..c', '👩‍👧 ❤️.png', FLAG_OF_WALES, '文'.repeat(341), '$a{b}', 'é'])(
  'lets %j through',
  (name) => {
    expect(findNameIssue(name)).toBeUndefined()
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
