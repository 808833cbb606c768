import { execFileSync } from 'node:child_process'
import { readFileSync, rmSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { build, type Plugin } from 'esbuild'
import { startTool, type Tool } from '../command-line'

const root = resolve(__dirname, '../..')

/** Bundles the command `oss-direct` (`bin.js`) and the modules `oss-direct/local`, `oss-direct/rules` and `oss-direct/testing`. */
export async function bundleLocal(outDir: string): Promise<void> {
  await Promise.all([
    bundle('local/bin.ts', join(outDir, 'bin.js'), '#!/usr/bin/env node'),
    bundle('local/start.ts', join(outDir, 'local.js'), ''),
    bundle('shared/rules/rules.ts', join(outDir, 'rules.js'), ''),
    bundle('local/testing/testing.ts', join(outDir, 'testing.js'), ''),
  ])
}

async function bundle(entry: string, outfile: string, banner: string): Promise<void> {
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    plugins: [keepFolders(dirname(outfile))],
    banner: { js: banner },
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    // esbuild builds the functions at run time; of ali-oss the page serves a file.
    external: ['esbuild', 'ali-oss', '@alicloud/*', '@darabonba/*'],
    logLevel: 'warning',
  })
}

// A module that reads files relative to its folder finds them in the package, wherever its bundle
// is.
function keepFolders(outDir: string): Plugin {
  return {
    name: 'keep-folders',
    setup({ onLoad }) {
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        if (path.includes(`${sep}node_modules${sep}`)) return undefined
        const folder = relative(outDir, dirname(path)).split(sep).join('/')
        const here = `require('node:path').join(__dirname, ${JSON.stringify(folder)})`
        const contents = readFileSync(path, 'utf8')
          .replaceAll(/\b__dirname\b/g, () => here)
          // Otherwise true for every module of a bundle.
          .replaceAll('require.main === module', 'false')
        return { contents, loader: 'ts' }
      })
    },
  }
}

/** Writes the type declarations of the modules that a project lists to `types` in `outDir`. */
export function writeTypes(outDir: string, project = 'tools/build/types.tsconfig.json'): void {
  const options = ['--noEmit', 'false', '--declaration', '--emitDeclarationOnly']
  const config = ['--project', join(root, project)]
  const folders = ['--rootDir', root, '--outDir', join(outDir, 'types')]
  const tsc = join(root, 'node_modules', 'typescript', 'bin', 'tsc')
  execFileSync(process.execPath, [tsc, ...config, ...options, ...folders], { stdio: 'inherit' })
}

const HELP = `Bundles the command oss-direct and its modules below build/, with their types.

  npm run build:local

  --help     prints this; --version the version`

async function buildAll(): Promise<void> {
  const outDir = join(root, 'build')
  rmSync(outDir, { recursive: true, force: true })
  await bundleLocal(outDir)
  writeTypes(outDir)
}

/** The command `npm run build:local`. @internal */
export const command: Tool = { help: HELP, run: buildAll }

if (require.main === module) startTool(command)
