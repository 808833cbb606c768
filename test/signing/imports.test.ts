import { readdirSync } from 'node:fs'
import { build } from 'esbuild'

const ENTRIES = readdirSync('shared/signing').map((name) => `shared/signing/${name}`)

it.each(ENTRIES)('%s imports our own files and Node’s crypto alone', async (entry) => {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    platform: 'node',
    write: false,
    metafile: true,
  })
  const inputs = Object.entries(metafile.inputs)
  expect(inputs.map(([path]) => path).filter((path) => !path.startsWith('shared/'))).toEqual([])
  const external = inputs.flatMap(([, { imports }]) => imports.filter(({ external }) => external))
  expect(external.map(({ path }) => path).filter((path) => path !== 'node:crypto')).toEqual([])
})
