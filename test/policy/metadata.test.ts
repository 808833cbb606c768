import { isMetadataAllowed } from '../../shared/policy/metadata'

const upload = { metadata: new Map([['title', 3]]) }

describe('user metadata', () => {
  it.each<[string, Record<string, string>, boolean]>([
    ['none', {}, true],
    ['a name of the rule', { title: 'abc' }, true],
    ['a value one byte too long', { title: 'abcd' }, false],
    // Header values come as Latin-1: each of its characters was one byte.
    ['three bytes beyond ASCII', { title: 'Ã©x' }, true],
    ['another name', { other: '' }, false],
    ['a good name beside another', { title: 'a', other: 'b' }, false],
    ['a name that every object has', { constructor: 'a' }, false],
  ])('%s', (_, stored, isAllowed) => {
    expect(isMetadataAllowed(stored, upload)).toBe(isAllowed)
  })

  it('is none where a rule names none', () => {
    expect(isMetadataAllowed({}, {})).toBe(true)
    expect(isMetadataAllowed({ title: '' }, {})).toBe(false)
  })
})
