import { gzipSync } from 'node:zlib'
import { build, type Metafile } from 'esbuild'
import { CLIENT_BUNDLE } from '../../tools/build/client'

const MAX_BYTES = 8192

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

function gzipped(paths: Iterable<string>): number {
  const texts = Array.from(paths, (path) => outputs.get(path)?.text ?? '')
  return gzipSync(texts.join(''), { level: 9 }).length
}

it('adds 8 KiB to a page at most, minified and compressed', () => {
  const [entry = ''] = [...outputs.keys()].filter((path) => path.endsWith('/index.mjs'))
  const loaded = new Set(closureOf(entry))
  expect(loaded.size).toBeGreaterThan(1)
  const bytes = gzipped(loaded)
  expect(bytes).toBeGreaterThan(MAX_BYTES / 2)
  expect(bytes).toBeLessThanOrEqual(MAX_BYTES)
})

it('has code of its own folder alone', () => {
  const inputs = [...outputs.values()].flatMap((output) => Object.keys(output.inputs))
  expect(inputs.filter((path) => !path.startsWith('client/'))).toEqual([])
})
