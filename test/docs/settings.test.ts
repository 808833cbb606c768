import { readFileSync } from 'node:fs'
import { SETTING_NAMES } from '../../shared/env/variables'

const SETTINGS = readFileSync('docs/settings.md', 'utf8')
const MANIFEST = readFileSync('s.yaml', 'utf8')
const DEPLOY = readFileSync('docs/deploy.md', 'utf8')

const namesIn = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, name = '']) => name)

it('docs/settings.md has a row for every setting, and for no other', () => {
  const names = namesIn(SETTINGS, /^\| `([A-Z_]+)`/gm)
  expect(names.sort()).toEqual([...SETTING_NAMES].sort())
})

it('docs/deploy.md sets what s.yaml reads and has no default for', () => {
  const required = namesIn(MANIFEST, /\$\{env\('([A-Z_]+)'\)\}/g)
  const exported = namesIn(DEPLOY, /\b([A-Z_]+)=/g)
  expect(required.length).toBeGreaterThan(8)
  expect(required.filter((name) => !exported.includes(name))).toEqual([])
  const read = namesIn(MANIFEST, /\$\{env\('([A-Z_]+)'/g)
  // Those of the deployer's shell are for the tools.
  const ofShell = /^(?:ALIBABA_CLOUD_ACCESS_KEY_(?:ID|SECRET)|OSS_DIRECT_TOKEN)$/
  const others = exported.filter((name) => !ofShell.test(name))
  expect(others.filter((name) => !read.includes(name))).toEqual([])
})
