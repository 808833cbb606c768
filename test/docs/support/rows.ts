import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(__dirname, '../../..')

/** A test by its file and title. */
export type TestName = { file: string; title: string }

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
