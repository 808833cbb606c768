import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../../..')
const TEXT = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8')

/** A row of a table: its cells but the last, and the tests that the last one names. */
export type Row = { cells: string[]; tests: { file: string; title: string }[] }

/** The rows of all tables between two headings whose last column says what shows them. */
export function rowsBetween(from: string, to: string): Row[] {
  const text = TEXT.slice(TEXT.indexOf(from), TEXT.indexOf(to))
  const tables = text.split(/\n\n+/).filter((block) => /^\|.*\| shown by +\|/.test(block))
  return tables.flatMap((table) => table.split('\n').slice(2).filter(Boolean).map(toRow))
}

function toRow(line: string): Row {
  const cells = line.split('|').map((cell) => cell.trim())
  const shownBy = cells.at(-2) ?? ''
  const tests = [...shownBy.matchAll(/`([\w-]+\.test\.ts) › ([^`]+)`/g)]
  return {
    cells: cells.slice(1, -2),
    tests: tests.map(([, file = '', title = '']) => ({ file, title })),
  }
}

/** The source of all files of a folder, joined. */
export function sourceOf(folder: string): string {
  const path = join(ROOT, folder)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(path, name), 'utf8'))
    .join('\n')
}

/** The source of a test, and of what it is made of in its file or beside it; `''` for none. */
export function testSource(folder: string, { file, title }: Row['tests'][number]): string {
  const lines = readFileSync(join(ROOT, folder, file), 'utf8').split('\n')
  const at = lines.findIndex((line) => line.includes(`'${title}'`))
  if (at < 0) return ''
  const start = lines.findLastIndex((line, i) => i <= at && /^ *(?:it|describe)\b/.test(line))
  const helpers = readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.test.ts'))
    .map((name) => readFileSync(join(ROOT, folder, name), 'utf8').split('\n'))
  const test = blockAt(lines, start)
  const sources = [lines, ...helpers]
  const once = [test, ...sources.flatMap((source) => declared(source, test))].join('\n')
  return [once, ...sources.flatMap((source) => declared(source, once))].join('\n')
}

// What is declared among these lines and named in the text.
function declared(lines: readonly string[], text: string): string[] {
  const names = new Set(text.match(/\b[A-Za-z]\w*\b/g))
  return lines.flatMap((line, i) => {
    const [, name = ''] =
      /^ *(?:export )?(?:async )?(?:const|function\*?) \[?(\w+)/.exec(line) ?? []
    return names.has(name) ? [blockAt(lines, i)] : []
  })
}

// Down to where the indentation is back and nothing closes.
function blockAt(lines: readonly string[], start: number): string {
  const indentation = lines[start]?.search(/\S/) ?? 0
  const next = new RegExp(`^ {0,${indentation}}[^ \\])}]`)
  const length = lines.slice(start + 1).findIndex((line) => next.test(line))
  return lines.slice(start, length < 0 ? undefined : start + 1 + length).join('\n')
}
