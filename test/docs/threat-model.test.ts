import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const ROOT = resolve(__dirname, '../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8')

const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter(
  (file) => file.endsWith('.test.ts'),
)
const rows = DOCUMENT.split('\n').filter(
  (line) => /^\| /.test(line) && !/^\| (tries|what|-)/.test(line),
)
const named = [...DOCUMENT.matchAll(/`([\w-]+\.test\.ts) › ([^`]+)`/g)]

it('names a test in every row', () => {
  expect(rows.length).toBeGreaterThan(30)
  expect(rows.filter((row) => !row.includes('.test.ts › '))).toEqual([])
})

it.each(named.map(([, file = '', title = '']) => [file, title]))(
  'names %s › %s, which is there',
  (file, title) => {
    const sources = TESTS.filter((path) => path.endsWith(`/${file}`)).map((path) =>
      readFileSync(join(ROOT, 'test', path), 'utf8'),
    )
    expect(sources.some((source) => source.includes(`'${title}'`))).toBe(true)
  },
)
