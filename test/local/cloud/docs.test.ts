import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseFaults } from '../../../local/fault-rules'
import { findSeedFaults } from '../../../local/seed'

const ROOT = resolve(__dirname, '../../..')
const DOCUMENT = readFileSync(join(ROOT, 'docs/local-cloud.md'), 'utf8')

const TESTS = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => join(ROOT, 'test', file))

const named = [...DOCUMENT.matchAll(/`([\w-]+\.test\.ts) › ([^`]+)`/g)]
const blocks = [...DOCUMENT.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text)

it('names tests', () => {
  expect(named.length).toBeGreaterThan(30)
})

it.each(named.map(([, file = '', title = '']) => [file, title]))(
  'names %s › %s, which is there',
  (file, title) => {
    const sources = TESTS.filter((path) => path.endsWith(`/${file}`)).map((path) =>
      readFileSync(path, 'utf8'),
    )
    expect(sources.some((source) => source.includes(`'${title}'`))).toBe(true)
  },
)

it('shows a seed and faults that are right', () => {
  const values = blocks.map((text) => JSON.parse(text) as Record<string, unknown>)
  const seed = values.find((value) => 'roles' in value)
  const faults = values.find((value) => 'faults' in value)
  expect(findSeedFaults(seed)).toEqual([])
  expect(parseFaults(faults)).toEqual(faults?.faults)
})
