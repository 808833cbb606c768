import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { CLIENT_BUDGET_BYTES } from '../../tools/build/budgets'
import { CLIENT_BUNDLE } from '../../tools/build/client'

type Output = Metafile['outputs'][string]

let outputs: Map<string, Output & { text: string }>
beforeAll(async () => {
  const { outputFiles, metafile } = await build({
    ...CLIENT_BUNDLE,
    write: false,
    metafile: true,
    outdir: '/out',
  })
  const found = Object.entries(metafile.outputs)
  outputs = new Map(
    found.map(([path, output], index) => [
      path,
      { ...output, text: outputFiles[index]?.text ?? '' },
    ]),
  )
})

/** The files that a page loads with this one at once. */
function closureOf(path: string): string[] {
  const { imports = [] } = outputs.get(path) ?? {}
  const loaded = imports.filter(({ kind }) => kind === 'import-statement')
  return [path, ...loaded.flatMap((each) => closureOf(each.path))]
}

/** The bytes that a server sends for these files, each compressed by itself. */
function transferred(paths: Iterable<string>): number {
  const sizes = Array.from(
    paths,
    (path) => gzipSync(outputs.get(path)?.text ?? '', { level: 9 }).length,
  )
  return sizes.reduce((sum, size) => sum + size, 0)
}

const find = (name: string) => [...outputs.keys()].find((path) => path.includes(`/${name}`)) ?? ''

it('adds 8 KiB to a page at most, minified and compressed', () => {
  expect(CLIENT_BUDGET_BYTES).toBe(8 * 1024)
  const loaded = new Set(closureOf(find('index.mjs')))
  expect(loaded.size).toBeGreaterThan(1)
  expect(transferred(loaded)).toBeGreaterThan(CLIENT_BUDGET_BYTES / 2)
  expect(transferred(loaded)).toBeLessThanOrEqual(CLIENT_BUDGET_BYTES)
})

it('loads what few pages need when they need it, in the sizes that docs/client.md names', () => {
  const text = readFileSync('docs/client.md', 'utf8')
  const atOnce = new Set(closureOf(find('index.mjs')))
  const inKb = (name: string) => {
    const later = new Set(closureOf(find(name)).filter((path) => !atOnce.has(path)))
    return (transferred(later) / 1000).toFixed(1)
  }
  expect(text).toContain(`${inKb('upload-parts-')} kB`)
  expect(text).toContain(`${inKb('checksum-')} kB`)
})

it('has code of its own folder alone', () => {
  const inputs = [...outputs.values()].flatMap((output) => Object.keys(output.inputs))
  expect(inputs.filter((path) => !path.startsWith('client/'))).toEqual([])
})
