import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { build } from 'esbuild'
import { type LocalCloud, startLocalCloud } from '../../../local/start'
import { type Language, type SnippetInput, toSnippet } from '../../../web/inspector/snippets'
import type { RealWay } from '../../../web/inspector/story'
import { runExample } from '../../examples/support/run'

const root = resolve(__dirname, '../../..')
const NAME = "it's a “file” 文件.bin"

let cloud: LocalCloud
let folder: string

beforeAll(async () => {
  cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/page.ts',
    log: () => undefined,
  })
  // Within the package, whose modules the code imports.
  mkdirSync(join(root, 'build'), { recursive: true })
  folder = mkdtempSync(join(root, 'build/snippets-'))
  writeFileSync(join(folder, 'file.bin'), 'hello')
}, 60_000)

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await cloud?.close()
})

const input = (language: Language, way: RealWay): SnippetInput => ({
  ...{ way, rule: 'media', path: `${language}/${way} ${NAME}`, contentType: 'text/x-a' },
  ...{ baseUrl: cloud.info.gateway, user: { sub: "o'neill", plan: 'pro' } },
})

test.each<[Language, RealWay]>([
  ['client', 'put'],
  ['client', 'form'],
  ['client', 'parts'],
  ['client', 'sts'],
  ['ali-oss', 'put'],
])('the code for %s runs and uploads by %s', async (language, way) => {
  const source = join(folder, `${language}-${way}.mjs`)
  const outfile = join(folder, `${language}-${way}.bundle.mjs`)
  writeFileSync(source, toSnippet(language, input(language, way)))
  await build({
    ...{ entryPoints: [source], outfile, bundle: true, platform: 'node', format: 'esm' },
    alias: { 'oss-direct/client': join(root, 'client/index.ts') },
    external: ['ali-oss'],
  })
  const ended = await runExample(['node', outfile, join(folder, 'file.bin')])
  const key = `media/o~27neill/${language}/${way} ${NAME}`
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining(`${language}/`) })
  const { events } = await (await fetch(`${cloud.info.gateway}/local/events`)).json()
  const subjects = events.map(({ event }: { event: { subject: string } }) => event.subject)
  expect(subjects).toContain(key)
})

test('no code has a secret of a session, and each language has some for each way', () => {
  for (const language of ['client', 'curl', 'python', 'ali-oss'] as const) {
    for (const way of ['put', 'form', 'parts', 'sts'] as const) {
      const code = toSnippet(language, input(language, way))
      expect(code).toContain('/local/token')
      expect(code).not.toMatch(/eyJ|x-oss-signature|CAIS|STS\./)
    }
  }
})
