import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { attackRules } from '../../../local/testing/testing'

const folder = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const PRO = { sub: 'mallory', claims: { plan: 'pro' } }

function write(name: string, text: string): string {
  const file = join(folder, name)
  writeFileSync(file, `import { defineRules } from 'oss-direct/rules'\n${text}`)
  return file
}

test('nothing gets through the example rules, and little is left untried', async () => {
  const reports = await attackRules({ rulesFile: resolve('rules.ts'), attacker: PRO })
  expect(reports.filter(({ outcome }) => 'through' in outcome)).toEqual([])
  const skipped = reports.filter(({ outcome }) => 'skipped' in outcome)
  expect(skipped.map(({ rule, attack }) => `${rule}: ${attack}`)).toEqual([
    'documents: an object that is there already',
  ])
  expect(reports.length).toBeGreaterThan(40)
}, 60_000)

test('nothing gets through every mechanism of one rule', async () => {
  const rulesFile = write(
    'all.ts',
    `export default defineRules({
      all: {
        key: 'all/{sub}/{path}',
        upload: {
          contentTypes: ['text/plain'],
          maxBytes: 5000,
          mechanisms: ['url', 'form', 'sts'],
          unenforced: { sts: ['callback', 'contentType', 'size', 'overwrite'] },
        },
        download: { list: true },
      },
    })`,
  )
  const reports = await attackRules({ rulesFile })
  expect(reports.filter(({ outcome }) => !('stopped' in outcome))).toEqual([])
}, 60_000)

// Rules that defineRules would never make: each has one of its locks taken out afterwards.
test('what gets through is told', async () => {
  const rulesFile = write(
    'broken.ts',
    `const rules = defineRules({
      open: { key: 'open/{sub}/{path}', upload: { contentTypes: ['image/png'] }, download: {} },
      shown: { key: 'shown/{sub}/{path}', upload: {}, download: {} },
      lent: {
        key: 'lent/{sub}/{path}',
        upload: { overwrite: true, mechanisms: ['sts'], unenforced: { sts: ['callback'] } },
      },
    })
    rules.get('open').template.pattern = /^/
    rules.get('shown').upload.contentTypes.every = () => true
    rules.get('lent').template.prefixParts = [{ literal: 'lent/' }]
    export default rules`,
  )
  const reports = await attackRules({ rulesFile })
  const through = reports.filter(({ outcome }) => 'through' in outcome)
  expect(through.map(({ rule, by, attack }) => `${rule}, ${by}: ${attack}`)).toEqual(
    expect.arrayContaining([
      'open, download: an object of another caller',
      'shown, download: a page with a script, to be shown',
      'lent, sts: writing to another caller',
    ]),
  )
}, 60_000)

test('says where the attacker may not even ask', async () => {
  const rulesFile = write(
    'closed.ts',
    `export default defineRules({ closed: { allow: () => false, key: 'a/{sub}/{path}', download: {} } })`,
  )
  const reports = await attackRules({ rulesFile })
  for (const { outcome } of reports.slice(0, 2)) {
    expect(outcome).toEqual({ skipped: 'the honest request got not_allowed' })
  }
}, 60_000)

describe('npm run test:attack', () => {
  const run = (...args: string[]) =>
    promisify(execFile)('node_modules/.bin/tsx', ['local/testing/command.ts', ...args]).then(
      ({ stdout }) => ({ status: 0, output: stdout }),
      ({ stdout, stderr, code }) => ({ status: code as number, output: stdout + stderr }),
    )

  it('prints a line for each attack', async () => {
    const { status, output } = await run('--caller', 'mallory,plan=pro')
    expect(output).toMatch(/^STOPPED +avatar, form: a public ACL$/m)
    expect(output).toMatch(/^\d+ attacks, 0 got through$/m)
    expect(status).toBe(0)
  }, 60_000)

  it('fails where the rules can not be read', async () => {
    const { status, output } = await run('--rules', join(folder, 'none.ts'))
    expect(output).toContain('none.ts')
    expect(status).toBe(1)
  }, 60_000)
})
