import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { ADAPTERS_BUNDLE } from '../../../tools/build/client'

/** Bundles one adapter as a page does that imports it alone; the files that it has code of, and its size. */
async function bundleOf(name: string) {
  const contents = `export { ${name} } from './client/adapters'`
  const { outputFiles, metafile } = await build({
    ...ADAPTERS_BUNDLE,
    ...{ entryPoints: [], stdin: { contents, resolveDir: process.cwd() } },
    ...{ write: false, metafile: true, outdir: '/out' },
  })
  const [output] = Object.values(metafile.outputs)
  const used = Object.entries(output?.inputs ?? {}).filter(([, input]) => input.bytesInOutput > 0)
  return {
    files: used.map(([path]) => path.replace('client/', '')).sort(),
    bytes: gzipSync(outputFiles[0]?.text ?? '', { level: 9 }).length,
  }
}

it.each([
  ['toAntd', 600, ['adapters/antd.ts', 'adapters/uploads.ts']],
  ['toElementPlus', 600, ['adapters/element-plus.ts', 'adapters/uploads.ts']],
  ['toFilePond', 650, ['adapters/filepond.ts', 'adapters/uploads.ts']],
  ['toUppy', 900, ['adapters/uploads.ts', 'adapters/uppy-events.ts', 'adapters/uppy.ts']],
  ['toWx', 1000, ['adapters/wx.ts']],
])('%s adds %i bytes to a page at most, and no code of another kit', async (name, most, own) => {
  const { files, bytes } = await bundleOf(name)
  expect(files).toEqual(own)
  expect(bytes).toBeLessThanOrEqual(most)
  expect(bytes).toBeGreaterThan(most / 2)
})

it.each(['antd', 'element-plus', 'filepond', 'uppy', 'wx'])(
  '%s.ts has 40 lines at most',
  (name) => {
    const lines = readFileSync(`client/adapters/${name}.ts`, 'utf8').trimEnd().split('\n')
    expect(lines.length).toBeLessThanOrEqual(40)
  },
)
