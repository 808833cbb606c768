import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type LocalCloud, startLocalCloud } from '../../local/start'
import { type Language, toSnippet } from '../../web/inspector/snippets'
import type { RealWay } from '../../web/inspector/story'
import { runExample } from './support/run'

const NAME = "it's a “file” 文件.bin"

let cloud: LocalCloud
let folder: string

beforeAll(async () => {
  cloud = await startLocalCloud({
    port: 0,
    rules: 'test/support/rules/page.ts',
    log: () => undefined,
  })
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-inspector-'))
  writeFileSync(join(folder, 'file.bin'), 'hello')
})

afterAll(async () => {
  rmSync(folder, { recursive: true, force: true })
  await cloud?.close()
})

test.each<[Language, string, RealWay]>([
  ['curl', 'sh', 'put'],
  ['curl', 'sh', 'form'],
  ['curl', 'sh', 'parts'],
  ['curl', 'sh', 'sts'],
  ['python', 'python3', 'put'],
  ['python', 'python3', 'form'],
  ['python', 'python3', 'parts'],
  ['python', 'python3', 'sts'],
])("the inspector's code for %s runs in %s, by %s", async (language, program, way) => {
  const path = `${language}/${way} ${NAME}`
  const code = toSnippet(language, {
    ...{ way, rule: 'media', path, contentType: 'text/x-a' },
    ...{ baseUrl: cloud.info.gateway, user: { sub: "o'neill", plan: 'pro' } },
  })
  const file = join(folder, `${language}-${way}`)
  writeFileSync(file, code)
  const ended = await runExample([program, file, join(folder, 'file.bin')])
  const answer = way === 'sts' ? 'media/o~27neill/' : '"status":"ok"'
  expect(ended).toMatchObject({ status: 0, stdout: expect.stringContaining(answer) })
})
