import { readFileSync } from 'node:fs'
import { parseFaults } from '../../local/fault-rules'
import { findSeedIssues } from '../../local/seed'
import { sourceOf } from './support/sources'

const DOCUMENT = readFileSync('docs/local-cloud.md', 'utf8')

function namesIn(source: string, pattern: RegExp): string[] {
  const names = Array.from(source.matchAll(pattern), ([, name = '']) => name)
  expect(names.length).toBeGreaterThan(5)
  return names
}

it('shows a seed and faults that are right', () => {
  const blocks = [...DOCUMENT.matchAll(/```json\n(.*?)```/gs)].map(([, text = '']) => text)
  const values = blocks.map((text) => JSON.parse(text) as Record<string, unknown>)
  const seed = values.find((value) => 'roles' in value)
  const faults = values.find((value) => 'faults' in value)
  expect(findSeedIssues(seed)).toEqual([])
  expect(parseFaults(faults)).toEqual(faults?.faults)
})

it('lists every option of the command', () => {
  const source = readFileSync('local/arguments.ts', 'utf8')
  const names = namesIn(source, /^ {2}'?([\w-]+)'?: \{ type: '(?:string|boolean)'/gm)
  const listed = namesIn(DOCUMENT, /^\| `--([\w-]+)/gm)
  expect(listed.sort()).toEqual(names.sort())
})

it('lists every option of startLocalCloud', () => {
  const [, type = ''] = /LocalCloudOptions = \{\n(.*?)\n\}/s.exec(sourceOf('local')) ?? []
  const listed = namesIn(DOCUMENT, /^\|(?: `--[^|]*| +)\| `(\w+)` +\|/gm)
  expect(listed.sort()).toEqual(namesIn(type, /^ {2}(\w+)\?:/gm).sort())
})

it('lists every path of the gateway below /local', () => {
  const routes = namesIn(sourceOf('local'), /\b((?:get|post)\('\/local\/[\w.]+)'/g)
  const missing = routes.filter((route) => {
    const [method = '', path] = route.split("('")
    return !DOCUMENT.includes(`| \`${method.toUpperCase()} ${path}`)
  })
  expect(missing).toEqual([])
})
