import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buildFunctions } from '../../../tools/build/functions'

const folder = mkdtempSync(join(tmpdir(), 'checked-'))
const rulesFile = join(folder, 'rules.ts')

beforeAll(async () => {
  writeFileSync(
    rulesFile,
    `import { defineRules } from 'oss-direct/rules'
     export default defineRules({
       files: { key: process.env.FILES_KEY ?? 'files/{sub}/{path}', allow: () => true, download: {} },
     })`,
  )
  await buildFunctions({ outDir: join(folder, 'dist'), rulesFile })
}, 60_000)

afterEach(() => {
  delete process.env.FILES_KEY
})
afterAll(() => rmSync(folder, { recursive: true }))

function load(name: string, outDir = 'dist'): unknown {
  const file = join(folder, outDir, name, 'index.js')
  jest.resetModules()
  return require(file)
}

it('refuses to build rules that have issues', async () => {
  const wrong = join(folder, 'wrong.ts')
  writeFileSync(
    wrong,
    `import { defineRules } from 'oss-direct/rules'
     export default defineRules({ files: { key: '/', upload: { minBytes: -1 } } })`,
  )
  await expect(buildFunctions({ outDir: join(folder, 'none'), rulesFile: wrong })).rejects.toThrow(
    /files\.upload\.minBytes.*files\.key/s,
  )
})

it.each(['signed-url', 'post-policy', 'sts', 'upload-callback', 'upload-event'])(
  '%s checks rules again that differ from those of the build, and lists their issues',
  (name) => {
    process.env.FILES_KEY = '/{who}'
    expect(() => load(name)).toThrow(/files\.key: starts with a slash.*unknown placeholder/s)
    process.env.FILES_KEY = 'documents/{sub}/{path}'
    expect(() => load(name)).not.toThrow()
  },
)

it('reads the check of rules only where they differ from those of the build', async () => {
  await buildFunctions({ outDir: join(folder, 'unchecked'), rulesFile })
  rmSync(join(folder, 'unchecked', 'signed-url', 'check-rules.js'))
  expect(() => load('signed-url', 'unchecked')).not.toThrow()
  process.env.FILES_KEY = 'documents/{sub}/{path}'
  expect(() => load('signed-url', 'unchecked')).toThrow(/check-rules/)
})
