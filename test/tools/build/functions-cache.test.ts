// Covers tools/build/build-cache.ts too.
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { defineRules, type Rules } from '../../../shared/rules/rules'
import { buildFunctionsOnce } from '../../../tools/build/functions-cache'
import { loadRules } from '../../../tools/load-rules'

const folder = mkdtempSync(join(tmpdir(), 'cache-'))
const rulesFile = join(folder, 'rules.ts')
const helper = join(folder, 'helper.ts')
const outDir = join(folder, 'functions')
const cache = join(folder, 'cache')
const kept = () => readdirSync(cache)
const MARK = 'the-one'
const OTHERS = defineRules({ other: { key: 'o/{sub}/{uuid}', download: {} } })
const buildOnce = (more: { rules: Rules; webServer?: boolean }) =>
  buildFunctionsOnce({ outDir, rulesFile, ...more }, cache)

function writeOld(file: string, text: string): void {
  writeFileSync(file, text)
  utimesSync(file, 1000, 1000)
}

function writeRules(prefix: string): void {
  writeOld(helper, `export const prefix = '${prefix}'`)
  writeOld(
    rulesFile,
    `import { defineRules, type Rules } from '${resolve('shared/rules/rules')}'
     import { prefix } from './helper'
     export default defineRules({ note: { key: prefix + '/{sub}/{uuid}', download: {} } })`,
  )
}

/** Builds, and returns the folder of keys in a function's code. */
async function build(): Promise<string | undefined> {
  const built = await buildOnce({ rules: await loadRules(rulesFile) })
  expect(built.map(({ name }) => name)).toContain('upload-consumer')
  const entry = built.find(({ name }) => name === 'signed-url')?.file ?? ''
  const code = readFileSync(entry, 'utf8')
  return ['cat-dog', 'cow-pig', MARK].find((folder) => code.includes(folder))
}

/** Marks the bundles in the cache, so that a copy of them is told from a new build. */
function mark(): void {
  for (const name of kept()) {
    const file = join(cache, name)
    const bytes = readFileSync(file, 'latin1')
    writeFileSync(file, bytes.replaceAll('cat-dog', MARK), 'latin1')
  }
}

beforeEach(() => {
  rmSync(cache, { recursive: true, force: true })
  writeRules('cat-dog')
})
afterAll(() => rmSync(folder, { recursive: true }))

it('builds once, and copies all files of each function after that', async () => {
  expect(await build()).toBe('cat-dog')
  const files = readdirSync(outDir, { recursive: true }).sort()
  mark()
  writeFileSync(join(outDir, 'left.txt'), '')
  expect(await build()).toBe(MARK)
  expect(readdirSync(outDir, { recursive: true }).sort()).toEqual(files)
  expect(files).toContain(join('upload-callback', 'sniff-type.js'))
})

it('builds anew when a file has changed that the rules import', async () => {
  await build()
  mark()
  writeRules('cow-pig')
  expect(await build()).toBe('cow-pig')
})

it('builds anew when there is another tsconfig.json, which may give imports another meaning', async () => {
  await build()
  mark()
  const config = join(folder, 'tsconfig.json')
  writeOld(config, '{}')
  expect(await build()).toBe('cat-dog')
  mark()
  rmSync(config)
  expect(await build()).toBe('cat-dog')
})

it('builds anew for other options, and for rules that a file makes of something else', async () => {
  await build()
  mark()
  const withServer = await buildOnce({ rules: await loadRules(rulesFile), webServer: true })
  expect(withServer.map(({ name }) => name)).toContain('web-server')
  await buildOnce({ rules: OTHERS })
  expect(kept()).toHaveLength(3)
})

it('keeps nothing of a file that may have changed during the build', async () => {
  const soon = Date.now() / 1000 + 60
  utimesSync(helper, soon, soon)
  expect(await build()).toBe('cat-dog')
  expect(existsSync(cache)).toBe(false)
})

it('builds anew when what is kept cannot be read', async () => {
  await build()
  for (const name of kept()) {
    writeFileSync(join(cache, name), 'not a build')
  }
  expect(await build()).toBe('cat-dog')
})

it('keeps the 32 latest builds, and those that were used meanwhile', async () => {
  await build()
  const [used = ''] = kept()
  const others = Array.from({ length: 32 }, (_, index) => `functions-other-${index}`)
  for (const name of others) {
    writeOld(join(cache, name), '')
  }
  utimesSync(join(cache, used), 1000, 1000)
  await build()
  await buildOnce({ rules: OTHERS })
  expect(kept()).toHaveLength(32)
  expect(kept()).toContain(used)
})
