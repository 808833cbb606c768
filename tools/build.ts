import { mkdirSync, readdirSync, rmSync, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { build, type Plugin } from 'esbuild'

const root = resolve(__dirname, '..')

export type BuiltFunction = { name: string; file: string; bytes: number }

export type BuildOptions = {
  /** Where `<function>/index.js` is written; emptied first. */
  outDir: string
  /** The rules to build in; the project's own `rules.ts` when absent. */
  rulesFile?: string
}

/** Bundles every function into a folder of its own, as Function Compute loads it: CJS for Node 20. */
export async function buildFunctions(options: BuildOptions): Promise<BuiltFunction[]> {
  const rulesFile = resolve(options.rulesFile ?? join(root, 'rules.ts'))
  rmSync(options.outDir, { recursive: true, force: true })
  mkdirSync(options.outDir, { recursive: true })
  const names = readdirSync(join(root, 'functions')).map((file) => basename(file, '.ts'))
  return Promise.all(
    names.sort().map(async (name) => {
      const folder = join(options.outDir, name)
      await bundle(join(root, 'functions', `${name}.ts`), join(folder, 'index.js'), [
        useRules(rulesFile),
        splitSdk(folder),
      ])
      const file = join(folder, 'index.js')
      return { name, file, bytes: statSync(file).size }
    }),
  )
}

async function bundle(entry: string, outfile: string, plugins: Plugin[] = []): Promise<void> {
  await build({
    entryPoints: [entry],
    outfile,
    plugins,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    logLevel: 'silent',
  })
}

function useRules(rulesFile: string): Plugin {
  return {
    name: 'rules',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/rules$/ }, ({ importer }) =>
        basename(dirname(importer)) === 'functions' ? { path: rulesFile } : undefined,
      )
    },
  }
}

// The STS SDK is 0.6 MB: it stays out of the entry and is read at the first cache miss.
function splitSdk(folder: string): Plugin {
  return {
    name: 'sts-sdk',
    setup({ onResolve }) {
      let built: Promise<void> | undefined
      onResolve({ filter: /\/sts-sdk$/ }, async () => {
        built ??= bundle(join(root, 'shared', 'sts-sdk.ts'), join(folder, 'sts-sdk.js'))
        await built
        return { path: './sts-sdk.js', external: true }
      })
    },
  }
}

async function main(): Promise<void> {
  const built = await buildFunctions({ outDir: join(root, 'dist') })
  for (const { name, bytes } of built) {
    console.log(`dist/${name}/`.padEnd(24), `${(bytes / 1000).toFixed(1)} kB`.padStart(10))
  }
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
