import { readdirSync, readFileSync } from 'node:fs'

const DOCUMENT = readFileSync('docs/contributing.md', 'utf8')

it('lists the folders of shared in the order that lint enforces', () => {
  const listed = Array.from(DOCUMENT.matchAll(/^\| `(\w+)\/` +\|/gm), ([, name = '']) => name)
  const folders = readdirSync('shared', { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
  const stack = Array.from(
    readFileSync('biome.json', 'utf8').matchAll(/"includes": \["shared\/(\w+)\/\*\*"\]/g),
    ([, name = '']) => name,
  ).filter((name) => folders.includes(name))
  expect(stack.length).toBeGreaterThan(8)
  expect([...stack].sort()).toEqual([...folders].sort())
  expect(listed.filter((name) => folders.includes(name))).toEqual(stack)
})
