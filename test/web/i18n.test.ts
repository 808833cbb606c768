// Covers web/i18n: both languages say the same, and nothing is said outside of them.
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseSync } from '@swc/core'
import { IntlMessageFormat } from 'intl-messageformat'
import { en } from '../../web/i18n/en'
import { preferred } from '../../web/i18n/i18n'
import { zh } from '../../web/i18n/zh'

type Ast = ReturnType<IntlMessageFormat['getAst']>

const IDS = Object.keys(en) as (keyof typeof en)[]

/** Returns the arguments of a message, those within plurals too, each with what it must be: number, date, text. */
function argumentsOf(ast: Ast): string[] {
  // By the parser's numbers: 0 literal, 1 argument, 2 number, 3 date, 4 time, 5 select, 6 plural, 7 #, 8 tag.
  const kinds = ['', 'text', 'number', 'date', 'date', 'choice', 'number', '', 'tag']
  return ast.flatMap((element) => {
    const own = kinds[element.type]
      ? [`${String(Object(element).value)}: ${kinds[element.type]}`]
      : []
    const options = 'options' in element ? Object.values(element.options) : []
    return [...own, ...options.flatMap(({ value }) => argumentsOf(value))]
  })
}

function parsed(message: string, locale: string): string[] {
  return [...new Set(argumentsOf(new IntlMessageFormat(message, locale).getAst()))].sort()
}

test('has every message in both languages, with the same arguments', () => {
  expect(Object.keys(zh).sort()).toEqual([...IDS].sort())
  const broken = IDS.filter((id) => {
    // A number that English counts with a plural, Chinese may simply name.
    const plain = (list: string[]) => list.map((each) => each.replace(/: (number|text)$/, ''))
    const [english, chinese] = [parsed(en[id], 'en'), parsed(zh[id], 'zh')]
    return plain(english).join() !== plain(chinese).join()
  })
  expect(broken).toEqual([])
})

test('translates every message: what has words in English has them in Chinese', () => {
  const isLatin = (text: string) => !/\p{Script=Han}/u.test(text)
  const words = (text: string) => text.replace(/\{[^{}]*\}/g, '').match(/\p{L}{2,}/gu) ?? []
  const kept = IDS.filter((id) => isLatin(zh[id]) && words(zh[id]).length > 1)
  expect(kept).toEqual([])
  expect(IDS.filter((id) => !isLatin(en[id]))).toEqual([])
})

const SOURCES = readdirSync('web', { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.tsx'),
)
const SPOKEN = ['aria-label', 'title', 'placeholder', 'alt', 'label', 'text']

/** Returns the words that a component writes itself: texts between its tags, and attributes that are read. */
function wordsOf(file: string): string[] {
  const found: string[] = []
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    const { type, name, value } = node as Record<string, { value?: unknown } | undefined> & {
      type?: string
    }
    if (type === 'JSXText' && /\p{L}/u.test(String(value))) found.push(String(value).trim())
    if (type === 'JSXAttribute' && SPOKEN.includes(String(name?.value))) {
      const text = value?.value
      if (typeof text === 'string' && /\p{L}/u.test(text)) found.push(text)
    }
    for (const child of Object.values(node)) visit(child)
  }
  visit(parseSync(readFileSync(join('web', file), 'utf8'), { syntax: 'typescript', tsx: true }))
  return found
}

test('writes no word past t()', () => {
  expect(SOURCES.length).toBeGreaterThan(10)
  // The product's own name is the same in every language.
  const words = SOURCES.flatMap((file) => wordsOf(file).map((word) => `${file}: ${word}`))
  expect(words.filter((word) => !word.endsWith(': oss-direct'))).toEqual([])
})

test("takes the first of the browser's languages that it has", () => {
  expect(preferred(['fr-FR', 'zh-TW', 'en'])).toBe('zh')
  expect(preferred(['EN-gb', 'zh'])).toBe('en')
  expect([preferred(['fr']), preferred([]), preferred(['toString'])]).toEqual(['en', 'en', 'en'])
})
