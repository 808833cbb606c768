import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { startTool, type Tool } from '../command-line'
import { writeTypes } from './local'

const root = resolve(__dirname, '../..')

/** The options of the client's bundle: modules; what few pages need, such as uploads in parts, is in files of their own. */
export const CLIENT_BUNDLE = {
  entryPoints: { index: join(root, 'client/index.ts') },
  bundle: true,
  minify: true,
  splitting: true,
  platform: 'neutral',
  // Browsers of the last three years, and the oldest Node that the package supports.
  target: ['chrome119', 'edge119', 'firefox119', 'safari17', 'node20'],
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  logLevel: 'warning',
} satisfies BuildOptions

// An error of an adapter must be one of the client, and the client's files none that a page without adapters doesn't need.
const besideClient: Plugin = {
  name: 'beside-client',
  setup({ onResolve }) {
    onResolve({ filter: /^\.\.\/index$/ }, () => ({
      path: './index.mjs',
      external: true,
      sideEffects: false,
    }))
  },
}

/** The options of the adapters' bundle, which imports that of the client. */
export const ADAPTERS_BUNDLE = {
  ...CLIENT_BUNDLE,
  entryPoints: { adapters: join(root, 'client/adapters/index.ts') },
  plugins: [besideClient],
} satisfies BuildOptions

/** Bundles the client, `oss-direct/client` and `oss-direct/client/adapters`, into `client` in `outDir`. */
export async function bundleClient(outDir: string): Promise<void> {
  const options = { outdir: join(outDir, 'client'), sourcemap: true }
  await Promise.all([
    build({ ...CLIENT_BUNDLE, ...options }),
    build({ ...ADAPTERS_BUNDLE, ...options }),
  ])
}

/** Writes the client's type declarations to `client` in `outDir`, and those of shared that they need to `types`. */
export function writeClientTypes(outDir: string): void {
  const folder = mkdtempSync(join(tmpdir(), 'oss-direct-types-'))
  try {
    writeTypes(folder, 'tools/build/client-types.tsconfig.json')
    for (const file of declarationsIn(join(folder, 'types/client'))) {
      const text = readFileSync(join(folder, 'types/client', file), 'utf8')
      write(join(outDir, 'client', file.replace(/ts$/, 'mts')), toModule(text))
    }
    for (const file of declarationsIn(join(folder, 'types/shared'))) {
      const text = readFileSync(join(folder, 'types/shared', file), 'utf8')
      write(join(outDir, 'types/shared', file), text)
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function declarationsIn(folder: string): string[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  return files.filter((file) => file.endsWith('.d.ts'))
}

function write(file: string, text: string): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, text)
}

// Modules name the files that they import (Node: ECMAScript modules, mandatory file extensions).
function toModule(declarations: string): string {
  return declarations.replace(
    /(from |import\()(['"])(\.[^'"]+)\2/g,
    (_, before, quote, path) => before + quote + toFile(path) + quote,
  )
}

function toFile(path: string): string {
  const shared = path.replace(/^((?:\.\.\/)+)shared\//, '$1types/shared/')
  return shared === path ? `${path}.mjs` : `${shared}.js`
}

const HELP = `Bundles the client oss-direct/client below build/, with its types.

  npm run build:client

  --help     prints this; --version the version`

async function buildAll(): Promise<void> {
  const outDir = join(root, 'build')
  rmSync(join(outDir, 'client'), { recursive: true, force: true })
  await bundleClient(outDir)
  writeClientTypes(outDir)
}

/** The command `npm run build:client`. @internal */
export const command: Tool = { help: HELP, run: buildAll }

if (require.main === module) startTool(command)
