import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../../..')

type TestName = { file: string; title: string }

/** A row of a document's table: its first cell, all cells by their headings, and its tests. */
export type Row = { name: string; cells: Readonly<Record<string, string>>; tests: TestName[] }

/** Returns the text of each section (`##`) of a document that has tables, by its heading. */
function readSections(document: string): Map<string, string> {
  const text = readFileSync(join(ROOT, `docs/${document}.md`), 'utf8')
  const sections = text.split(/^## /m).slice(1)
  const tables = sections.filter((section) => /^\|/m.test(section))
  return new Map(tables.map((section) => [section.slice(0, section.indexOf('\n')), section]))
}

/** Returns the rows of each section of a document, with their tests as `proven-by/` names them. */
export function readRows(document: string): Map<string, Row[]> {
  const rows = [...readSections(document)].map(([heading, text]): [string, Row[]] => {
    const tests = readTests(document, heading)
    const tables = text.split(/\n\n+/).filter((block) => block.startsWith('|'))
    return [heading, tables.flatMap((table) => readTable(table, tests))]
  })
  return new Map(rows)
}

/** Returns the names of the rows that have tests in `proven-by/`, by the section's heading. */
export function readTested(document: string): Map<string, string[]> {
  return new Map(
    [...readSections(document).keys()].map((heading) => [
      heading,
      Object.keys(readTests(document, heading)),
    ]),
  )
}

function readTests(document: string, heading: string): Record<string, string[]> {
  const name = heading.toLowerCase().replaceAll(' ', '-')
  return JSON.parse(readFileSync(join(__dirname, `proven-by/${document}/${name}.json`), 'utf8'))
}

function readTable(table: string, tests: Record<string, string[]>): Row[] {
  const [headings = [], , ...rows] = table.split('\n').filter(Boolean).map(toCells)
  return rows.map((cells) => {
    const [name = ''] = cells
    return {
      name,
      cells: Object.fromEntries(headings.map((heading, i) => [heading, cells[i] ?? ''])),
      tests: (tests[name] ?? []).map((test) => {
        const [file = '', title = ''] = test.split(' › ')
        return { file, title }
      }),
    }
  })
}

function toCells(line: string): string[] {
  return line
    .split('|')
    .slice(1, -1)
    .map((cell) => cell.trim())
}

/** Returns the source of all files of a folder, joined. */
export function sourceOf(folder: string): string {
  return filesOf(folder)
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
}

function filesOf(folder: string): string[] {
  const path = join(ROOT, folder)
  return readdirSync(path, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => join(path, name))
}

/** Returns the source of a test, with what it uses of its file and of the helpers; `''` for none. */
export function testSource(folder: string, { file, title }: TestName): string {
  const files = filesOf(folder)
  const found = files
    .filter((path) => path.endsWith(`/${file}`))
    .map((path) => readFileSync(path, 'utf8').split('\n'))
    .find((lines) => lines.some((line) => line.includes(`'${title}'`)))
  if (found === undefined) return ''
  const at = found.findIndex((line) => line.includes(`'${title}'`))
  const start = found.findLastIndex((line, i) => i <= at && /^ *(?:it|describe)\b/.test(line))
  const helpers = files
    .filter((path) => !path.endsWith('.test.ts'))
    .map((path) => readFileSync(path, 'utf8').split('\n'))
  const test = blockAt(found, start)
  const sources = [found, ...helpers]
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
