import { findNameProblem } from '../../shared/policy/name'

const INVISIBLE = 'it contains an invisible character'
const tags = (letters: string) =>
  [...letters].map((letter) => String.fromCodePoint(0xe0000 + letter.charCodeAt(0))).join('')
const END = '\u{e007f}'
const FLAG = '\u{1f3f4}'

describe('an invisible character', () => {
  it.each([
    ['a zero-width space', 'a\u200bb'],
    ['a word joiner', 'a\u2060b'],
    ['a soft hyphen', 'a\u00adb'],
    ['a Hangul filler', 'a\u3164b'],
    ['a grapheme joiner', 'a\u034fb'],
    ['an annotation mark', 'a\ufff9b'],
    ['a tag alone', `a${tags('g')}b`],
    ['tags after another emoji', `\u{1f600}${tags('gbeng')}${END}`],
    ['a flag without its end', `${FLAG}${tags('gbeng')}`],
    ['the end of a flag alone', `a${END}`],
    ['words hidden in a flag', `${FLAG}${tags('ignore-all-of-it')}${END}`],
  ])('is refused: %s', (_, name) => {
    expect(findNameProblem(name)).toBe(INVISIBLE)
  })

  it.each([
    ['the joiner of an emoji', '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}.png'],
    ['the non-joiner of Persian', 'می\u200cخواهم.pdf'],
    ['the selector of an emoji', '\u2764\ufe0f.png'],
    ['the selector of a kanji', '葛\u{e0100}.txt'],
    ['the flag of England', `${FLAG}${tags('gbeng')}${END}.png`],
  ])('is taken where a script or emoji needs it: %s', (_, name) => {
    expect(findNameProblem(name)).toBeUndefined()
  })

  it('is refused beside a flag, too', () => {
    expect(findNameProblem(`${FLAG}${tags('gbsct')}${END}${tags('x')}.png`)).toBe(INVISIBLE)
  })
})
