import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { command } from '../../../local/testing/command'
import { attackRules } from '../../../local/testing/testing'
import { runTool } from '../../../tools/command-line'
import { runCommand } from '../../support/run-command'

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
  it('prints a line for each attack: nothing gets through every mechanism of one rule', async () => {
    const rulesFile = write(
      'all.ts',
      `export default defineRules({
        all: {
          key: 'all/{sub}/{path}',
          allow: ({ claims }) => claims.plan === 'pro',
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
    const argv = ['--rules', rulesFile, '--caller', 'mallory,plan=pro']
    const { status, stdout } = await runCommand(() => runTool(argv, command))
    const lines = stdout.trim().split('\n')
    expect(lines).toContainEqual(expect.stringMatching(/^STOPPED +all, form: a public ACL$/))
    expect(lines.pop()).toBe(`${lines.length} attacks, 0 got through`)
    expect(lines.filter((line) => !line.startsWith('STOPPED '))).toEqual([])
    expect(status).toBe(0)
  }, 60_000)

  it('fails where the rules can not be read', async () => {
    const argv = ['--rules', join(folder, 'none.ts')]
    const { status, stderr } = await runCommand(() => runTool(argv, command))
    expect(stderr).toContain('none.ts')
    expect(status).toBe(1)
  })
})
