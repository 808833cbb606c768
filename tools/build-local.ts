import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = resolve(__dirname, '..')
const outDir = join(root, 'build')

/** Bundles the command `oss-direct` and the module `oss-direct/local`, with its types, into `build/`. */
async function main(): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  await Promise.all([
    bundle('bin.ts', 'bin.js', '#!/usr/bin/env node'),
    bundle('cloud.ts', 'local.js'),
  ])
  writeTypes()
}

async function bundle(entry: string, output: string, banner = ''): Promise<void> {
  await build({
    entryPoints: [join(root, 'local', entry)],
    outfile: join(outDir, output),
    plugins: [keepFolders],
    banner: { js: banner },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // It builds the functions at run time, and is a native program.
    external: ['esbuild'],
    logLevel: 'warning',
  })
}

// A module that reads files beside it finds them in the package, from wherever its bundle is.
const keepFolders: Plugin = {
  name: 'keep-folders',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => {
      if (path.includes(`${sep}node_modules${sep}`)) return undefined
      const folder = relative(outDir, dirname(path)).split(sep).join('/')
      const here = `require('node:path').join(__dirname, ${JSON.stringify(folder)})`
      const contents = readFileSync(path, 'utf8').replaceAll(/\b__dirname\b/g, () => here)
      return { contents, loader: 'ts' }
    })
  },
}

function writeTypes(): void {
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly']
  const config = ['--project', join(root, 'tools', 'types.tsconfig.json')]
  const folders = ['--rootDir', root, '--outDir', join(outDir, 'types')]
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, ...config, ...options, ...folders], { stdio: 'inherit' })
}

void main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
})
