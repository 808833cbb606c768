import { readFileSync } from 'node:fs'
import { SETTING_NAMES } from '../../shared/env/variables'
import { toEnvExample } from '../../tools/env-example'

const [SETTINGS = '', MANIFEST = '', EXAMPLE = '', IGNORED = ''] = [
  'docs/settings.md',
  's.yaml',
  '.env.example',
  '.gitignore',
].map((file) => readFileSync(file, 'utf8'))

const namesIn = (text: string, pattern: RegExp) =>
  Array.from(text.matchAll(pattern), ([, name = '']) => name)

it('.env.example is what npm run env-example writes', () => {
  expect(EXAMPLE).toBe(toEnvExample(SETTINGS, MANIFEST))
})

it('it has every setting and everything that the manifests read, once', () => {
  const read = namesIn(
    MANIFEST + readFileSync('s.web-server.yaml', 'utf8'),
    /\$\{env\('([A-Z_]+)'/g,
  )
  const all = new Set([...SETTING_NAMES, ...read])
  expect(namesIn(EXAMPLE, /^(?:# )?([A-Z_]+)=/gm).sort()).toEqual([...all].sort())
})

it('it leaves nothing commented out that a deployment must set', () => {
  const required = namesIn(MANIFEST, /\$\{env\('([A-Z_]+)'\)\}/g)
  const set = namesIn(EXAMPLE, /^([A-Z_]+)=/gm)
  expect(required.filter((name) => !set.includes(name))).toEqual([])
  expect(set).toEqual(expect.arrayContaining(['AUTH_ISSUER', 'AUTH_AUDIENCE']))
})

it('it has the defaults of s.yaml, and no secret', () => {
  expect(EXAMPLE).toContain('\nOSS_REGION=cn-hangzhou\n')
  expect(EXAMPLE).toContain('\n# OSS_INTERNAL_ENDPOINT=internal\n')
  expect(EXAMPLE).toContain('\nTICKET_SECRETS=\n')
})

it('git ignores the file that it is copied to', () => {
  expect(IGNORED.split('\n')).toContain('.env')
})
