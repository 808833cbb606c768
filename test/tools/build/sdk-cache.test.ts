import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { type BuildOptions, build } from 'esbuild'
import { sdkEntry } from '../../../tools/build/sdk'
import { bundleSdkOnce, cacheFolder } from '../../../tools/build/sdk-cache'

// The banner makes them options of this test alone.
const OPTIONS: BuildOptions = {
  bundle: true,
  minify: true,
  platform: 'node',
  format: 'cjs',
  external: ['proxy-agent'],
  banner: { js: `/* ${process.pid} */` },
}

const folder = cacheFolder('fc-sdk', OPTIONS) ?? ''
afterAll(() => rmSync(folder, { recursive: true, force: true }))

it('is another folder for another SDK and for other options', () => {
  expect(folder).not.toBe('')
  expect(cacheFolder('fc-sdk', { ...OPTIONS })).toBe(folder)
  expect(cacheFolder('sts-sdk', OPTIONS)).not.toBe(folder)
  expect(cacheFolder('fc-sdk', { ...OPTIONS, minify: false })).not.toBe(folder)
})

it('keeps what is bundled, and returns it the next time as it was kept', async () => {
  const files = await bundleSdkOnce('fc-sdk', OPTIONS)
  const names = files.map(({ name }) => name).sort()
  expect(names).toEqual(['fc-sdk.js'])
  expect(readdirSync(folder).sort()).toEqual(names)
  // No draft is left beside it.
  const beside = readdirSync(dirname(folder))
  expect(beside.filter((name) => name.startsWith(basename(folder)))).toEqual([basename(folder)])
  writeFileSync(join(folder, 'fc-sdk.js'), 'kept')
  const again = await bundleSdkOnce('fc-sdk', OPTIONS)
  expect(again.map(({ contents }) => String(contents).slice(0, 4))).toContain('kept')
})

it('bundles anew when nothing is kept', async () => {
  rmSync(folder, { recursive: true, force: true })
  const files = await bundleSdkOnce('fc-sdk', OPTIONS)
  expect(files.every(({ contents }) => contents.length > 1000)).toBe(true)
  expect(existsSync(folder)).toBe(true)
})

it.each(['sts-sdk', 'fc-sdk'] as const)(
  'may judge %s by its entry, since no other source of ours is in it',
  async (name) => {
    const { metafile } = await build({
      ...{ entryPoints: [sdkEntry(name)], bundle: true, packages: 'external' },
      ...{ platform: 'node', write: false, metafile: true },
    })
    expect(Object.keys(metafile.inputs)).toHaveLength(1)
  },
)
