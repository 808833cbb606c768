import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

function filesBelow(folder: string, ending: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending) && !name.startsWith('node_modules'))
    .map((name) => join(folder, name))
}

const SOURCES = ['shared', 'client'].flatMap((folder) => filesBelow(folder, '.ts'))
const TESTS = filesBelow('test', '.test.ts')

/** The files that a test says at its top it covers beside, or instead of, the one of its own name. */
function namedBy(test: string): string[] {
  const [first = ''] = readFileSync(test, 'utf8').split('\n')
  return first.startsWith('// Covers ')
    ? (first.match(/(?:shared|client)\/[\w./-]+\.ts/g) ?? [])
    : []
}

// A file of types alone is tested by the compiler.
function hasCode(source: string): boolean {
  return /^(?:export )?(?:async )?(?:const|function|class)\b/m.test(readFileSync(source, 'utf8'))
}

it('finds a test by the name of each file of shared and client, or by the first line of a test', () => {
  const named = new Set(TESTS.flatMap(namedBy))
  const ownName = (source: string) => source.replace(/^(?:shared\/)?(.*)\.ts$/, 'test/$1.test.ts')
  const lost = SOURCES.filter(
    (source) => hasCode(source) && !TESTS.includes(ownName(source)) && !named.has(source),
  )
  expect(lost).toEqual([])
})

it('names no file at the top of a test that is not there', () => {
  expect(TESTS.flatMap(namedBy).filter((source) => !SOURCES.includes(source))).toEqual([])
})

it('keeps what is no test in the support folders', () => {
  const helpers = filesBelow('test', '.ts').filter((file) => !file.endsWith('.test.ts'))
  expect(helpers.filter((file) => !file.includes('/support/'))).toEqual([])
})

const FOLDERS = ['bench', 'client', 'functions', 'local', 'shared', 'test', 'tools', 'web']
const MAX_LINES = 250

function countLines(file: string): number {
  return readFileSync(file, 'utf8').trimEnd().split('\n').length
}

it('keeps every file of code within 250 lines', () => {
  const code = FOLDERS.flatMap((folder) =>
    filesBelow(folder, '').filter((file) => /\.(ts|mts|css|html)$/.test(file)),
  )
  expect(code.length).toBeGreaterThan(TESTS.length)
  expect(code.filter((file) => countLines(file) > MAX_LINES)).toEqual([])
})

// Jest's formats are those of util.format: what they don't know stands in the title as it is.
it('gives no table a title with a precision, which would be the same for all rows', () => {
  const titles = (test: string) => /%\.\d+[a-z]/.test(readFileSync(test, 'utf8'))
  expect(TESTS.filter(titles)).toEqual([])
})
