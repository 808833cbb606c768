import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { anchorsOf, linksOf, proseOf, readBlocks, type Section, sectionsOf } from './support/page'

const TERMS = 'docs/zh/terms.md'

/** The Chinese pages and the English pages that they translate. */
const ENGLISH = new Map([
  ['README.zh-CN.md', 'README.md'],
  ...readdirSync('docs/zh')
    .filter((name) => join('docs/zh', name) !== TERMS)
    .map((name) => [join('docs/zh', name), join('docs', name)] as const),
])
const PAIRS = [...ENGLISH]

const read = (file: string) => readFileSync(file, 'utf8')

/** Returns the file that a link of another file leads to. */
function fileOf(link: string, from: string): string {
  const [path = ''] = link.split('#')
  return path === '' ? from : join(dirname(from), path)
}

/** Returns where a link leads, the same for both languages: the English file, and a heading by its place. */
function targetOf(link: string, from: string): string {
  const file = fileOf(link, from)
  const [, anchor] = link.split('#')
  const place =
    anchor === undefined || !existsSync(file) ? '' : anchorsOf(read(file)).indexOf(anchor)
  return `${ENGLISH.get(file) ?? file}#${place}`
}

/** Returns what each section of a page has of something, below the number of its heading. */
function inSections(file: string, find: (section: Section) => string[]) {
  return sectionsOf(read(file)).map((section, index) => [index, find(section).sort()] as const)
}

// The words of a diagram are translated, as the text around it.
const withoutWords = (diagram: string) => diagram.replace(/(?<= as |: ).+$/gm, '')
const codeOf = (file: string) =>
  readBlocks(read(file))
    .filter(({ kind }) => kind.startsWith('code'))
    .map(({ kind, text }) => (kind === 'code mermaid' ? withoutWords(text) : text))

const codeSpansOf = (section: Section) => proseOf(section).match(/`[^`]+`/g) ?? []
const numbersOf = (section: Section) =>
  proseOf(section)
    .replace(/`[^`]+`|\]\([^)]+\)/g, '')
    .match(/\d+(?:[.,]\d+)*/g) ?? []

describe.each(PAIRS)('%s', (chinese, english) => {
  it('names the English page in its first lines, and the English page names it', () => {
    const [, first] = readBlocks(read(chinese))
    const [, other] = readBlocks(read(english))
    expect(linksOf(first?.text ?? '').map((link) => fileOf(link, chinese))).toEqual([
      english,
      TERMS,
    ])
    expect(linksOf(other?.text ?? '').map((link) => fileOf(link, english))).toEqual([chinese])
  })

  it('has the same headings, paragraphs, items, rows and blocks of code', () => {
    const kindsOf = (file: string) => readBlocks(read(file)).map(({ kind }) => kind)
    expect(kindsOf(chinese)).toEqual(kindsOf(english))
  })

  it('has the same code', () => {
    expect(codeOf(chinese)).toEqual(codeOf(english))
  })

  it('has the same code in the text of each section', () => {
    expect(inSections(chinese, codeSpansOf)).toEqual(inSections(english, codeSpansOf))
  })

  it('links to the same from each section', () => {
    const targetsIn = (file: string) =>
      inSections(file, (section) =>
        linksOf(proseOf(section))
          .filter((link) => fileOf(link, file) !== TERMS)
          .map((link) => targetOf(link, file)),
      )
    expect(targetsIn(chinese)).toEqual(targetsIn(english))
  })

  it('links to Chinese pages where there are some', () => {
    const [, , ...blocks] = readBlocks(read(chinese))
    const links = blocks.flatMap(({ kind, text }) =>
      kind.startsWith('code') ? [] : linksOf(text).map((link) => fileOf(link, chinese)),
    )
    expect(links.filter((file) => PAIRS.some(([, english]) => file === english))).toEqual([])
  })

  it('has the numbers of each section that are written in digits', () => {
    const translated = inSections(chinese, numbersOf)
    const missing = inSections(english, numbersOf).flatMap(([index, numbers]) =>
      numbers
        .filter((number) => !translated[index]?.[1].includes(number))
        .map((number) => `${number} in section ${index}`),
    )
    expect(missing).toEqual([])
  })
})

it('lists no term that the Chinese pages do not use', () => {
  const rows = readBlocks(read(TERMS)).filter(({ kind }) => kind === 'row of 3')
  const [, , ...terms] = rows.map(({ text }) => text.split('|')[2]?.trim() ?? '')
  const pages = PAIRS.map(([chinese]) => read(chinese)).join('\n')
  expect(terms.length).toBeGreaterThan(8)
  expect(terms.flatMap((term) => term.split('、')).filter((term) => !pages.includes(term))).toEqual(
    [],
  )
})
