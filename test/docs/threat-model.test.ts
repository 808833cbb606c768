import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readRows, readTested } from './support/rows'

const SECTIONS = readRows('threat-model')
const ROWS = [...SECTIONS.values()].flat()

const SOURCES = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => ({ file, source: readFileSync(join('test', file), 'utf8') }))

it('has tests for every row, and for no other', () => {
  expect(ROWS.length).toBeGreaterThan(40)
  const rows = [...SECTIONS].map(([heading, all]) => [heading, all.map(({ name }) => name)])
  expect(rows).toEqual([...readTested('threat-model')])
  expect(ROWS.filter(({ tests }) => tests.length === 0)).toEqual([])
})

it.each(ROWS.flatMap(({ tests }) => tests))('names $file › $title, which is there', (test) => {
  const found = SOURCES.some(
    ({ file, source }) => file.endsWith(`/${test.file}`) && source.includes(`'${test.title}'`),
  )
  expect(found).toBe(true)
})
