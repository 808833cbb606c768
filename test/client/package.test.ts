import { execFileSync, spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packageBuild } from '../support/bundle'

const ROOT = resolve(__dirname, '../..')
const bin = (name: string) => join(ROOT, 'node_modules/.bin', name)

let folder: string
let tarball: string
/** Another project, which has the packed package installed. */
let project: string

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'oss-direct-pack-'))
  for (const name of ['package.json', 'README.md', 'LICENSE'])
    cpSync(join(ROOT, name), join(folder, name))
  cpSync(await packageBuild(), join(folder, 'build'), { recursive: true })
  const pack = ['pack', '--ignore-scripts', '--json']
  const [packed] = JSON.parse(execFileSync('npm', pack, { cwd: folder, encoding: 'utf8' }))
  tarball = join(folder, packed.filename)
  project = mkdtempSync(join(tmpdir(), 'oss-direct-test-'))
  const installed = join(project, 'node_modules/oss-direct')
  mkdirSync(installed, { recursive: true })
  execFileSync('tar', ['-xzf', tarball, '-C', installed, '--strip-components', '1'])
  symlinkSync(join(ROOT, 'node_modules/valibot'), join(project, 'node_modules/valibot'))
}, 120_000)
afterAll(() => {
  for (const made of [folder, project]) rmSync(made, { recursive: true, force: true })
})

it('has nothing that publint complains of', () => {
  const { stdout, status } = spawnSync(bin('publint'), [tarball, '--strict'], { encoding: 'utf8' })
  expect([stdout, status]).toEqual([expect.stringContaining('All good!'), 0])
})

it('has types for every resolution of modules that packages of modules serve', () => {
  const args = [tarball, '--profile', 'esm-only', '--no-color', '--no-emoji']
  const { stdout, status } = spawnSync(bin('attw'), args, { encoding: 'utf8' })
  expect([stdout, status]).toEqual([
    expect.stringMatching(
      /"oss-direct\/client" +│ OK \(ESM\) +│ OK [\s\S]*client\/adapters" +│ OK \(ESM\) +│ OK /,
    ),
    0,
  ])
})

it('is a module for Node, without a package of its own', () => {
  const script = `
    import { createOssDirect, fetchTransport, OssDirectError } from 'oss-direct/client'
    const client = createOssDirect({ baseUrl: 'http://127.0.0.1:1', getToken: () => 'a.b.c', storage: null })
    console.log(typeof fetchTransport, Object.keys(client).sort().join())`
  const run = ['--input-type=module', '-e', script]
  expect(execFileSync(process.execPath, run, { cwd: project, encoding: 'utf8' })).toBe(
    'function credentials,download,fields,list,pages,previewUrl,remove,rules,unfinished,upload\n',
  )
  const entry = readFileSync(
    join(project, 'node_modules/oss-direct/build/client/index.mjs'),
    'utf8',
  )
  const imported = [...entry.matchAll(/from ?"([^"]+)"/g)].map(([, path]) => path)
  expect(imported.length).toBeGreaterThan(1)
  expect(imported.filter((path) => !path?.startsWith('./chunk-'))).toEqual([])
})

it.each(['node16', 'bundler'])(
  'has types for another project, however strict, with %s',
  (resolution) => {
    writeFileSync(
      join(project, 'use.mts'),
      `import { createOssDirect, OssDirectError, type Page, type Transport, type Upload, type Uploaded } from 'oss-direct/client'
     import { toAntd, toUppy, type UppyLike } from 'oss-direct/client/adapters'
     declare const transport: Transport
     declare const uppy: UppyLike
     const oss = createOssDirect({ baseUrl: '', getToken: async () => '', transport, storage: localStorage })
     export const upload: Upload = oss.upload(new File([], 'a.pdf'), { rule: 'documents', concurrency: 2 })
     export const done: Promise<Uploaded> = upload.done
     export const page: Promise<Page> = oss.list('documents', { path: 'a', limit: 10 })
     export const access: Promise<string> = oss.credentials('documents', 'read').then(({ credentials }) => credentials.accessKeyId)
     export const codes = (error: unknown) => error instanceof OssDirectError && [error.code, error.oss?.ec]
     export const styles = oss.rules().then((rules) => rules.map(({ download }) => download?.styles))
     toUppy(uppy, oss, { rule: 'documents', concurrency: 2 })
     export const { abort } = toAntd(oss, { rule: 'documents' })({ file: new Blob([]) })
     // @ts-expect-error
     toAntd(oss, {})
     // @ts-expect-error
     oss.list('documents', { limits: 10 })
     // @ts-expect-error
     oss.credentials('documents', 'all')`,
    )
    const module = resolution === 'bundler' ? 'esnext' : 'node16'
    const args = [
      '--noEmit',
      '--strict',
      '--exactOptionalPropertyTypes',
      '--skipLibCheck',
      'false',
      '--target',
      'es2022',
      '--lib',
      'es2022,dom',
      '--module',
      module,
      '--moduleResolution',
      resolution,
      '--types',
      '',
    ]
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc')
    const { stdout } = spawnSync(process.execPath, [tsc, ...args, 'use.mts'], {
      cwd: project,
      encoding: 'utf8',
    })
    expect(stdout).toBe('')
  },
)

it('has every file that its exports name', () => {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const files = Object.values<string | Record<string, string>>(exports).flatMap((entry) =>
    Object.values(Object(entry)),
  )
  const missing = files.filter(
    (file) =>
      typeof file === 'string' &&
      file.length > 1 &&
      !existsSync(join(project, 'node_modules/oss-direct', file)),
  )
  expect(missing).toEqual([])
})
