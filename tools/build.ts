import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type BuildOptions as BuildOptionsOfEsbuild, build, type Plugin } from 'esbuild'
import { bundleSdkOnce } from './build/sdk-cache'
import type { SdkFile, SdkName } from './build-sdk'

const root = resolve(__dirname, '..')

export type BuiltFunction = { name: string; file: string; bytes: number }

/** How large a deployed function's entry may be: a cold start reads all of it. */
export const BUDGET_BYTES = 90_000

export type BuildOptions = {
  /** Where `<function>/index.js` is written; emptied first. */
  outDir: string
  /** The rules to build in; the project's own `rules.ts` when absent. */
  rulesFile?: string
  /** The function that upload events go to; the example when absent. */
  consumerFile?: string
}

/** Where rules files of other projects find what they import of us, installed or not. */
export const RULES_ALIAS = { 'oss-direct/rules': join(root, 'shared', 'rules', 'rules.ts') }

/** The name of the example consumer, which is built and deployed with the rest. */
export const CONSUMER = 'upload-consumer'

/** Bundles every function into a folder of its own, as Function Compute loads it: CJS for Node 20. */
export async function buildFunctions(options: BuildOptions): Promise<BuiltFunction[]> {
  const rulesFile = resolve(options.rulesFile ?? join(root, 'rules.ts'))
  rmSync(options.outDir, { recursive: true, force: true })
  mkdirSync(options.outDir, { recursive: true })
  const names = readdirSync(join(root, 'functions')).map((file) => basename(file, '.ts'))
  const entries = names.sort().map((name) => [name, join(root, 'functions', `${name}.ts`)] as const)
  const consumer = resolve(options.consumerFile ?? join(root, 'examples', `${CONSUMER}.ts`))
  // All to their end, even when one fails: none may write after we have answered.
  const built = await Promise.allSettled(
    [...entries, [CONSUMER, consumer] as const].map(async ([name, entry]) => {
      const folder = join(options.outDir, name)
      const file = join(folder, 'index.js')
      await bundle(entry, file, [useRules(rulesFile), splitSdks(folder), splitV1(folder)])
      return { name, file, bytes: statSync(file).size }
    }),
  )
  return built.map((result) => {
    if (result.status === 'rejected') throw result.reason
    return result.value
  })
}

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Node would read a CommonJS file twice more for an `import()`, for its exports and its format.
  supported: { 'dynamic-import': false },
  // The FC SDK asks for it only where a proxy is set.
  external: ['proxy-agent'],
  alias: RULES_ALIAS,
  logLevel: 'silent',
} as const satisfies BuildOptionsOfEsbuild

async function bundle(entry: string, outfile: string, plugins: Plugin[]): Promise<void> {
  await build({ ...OPTIONS, entryPoints: [entry], outfile, plugins })
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

// The SDKs stay out of the entry and are read when they are first needed.
function splitSdks(folder: string): Plugin {
  return {
    name: 'sdks',
    setup({ onResolve }) {
      onResolve({ filter: /\/(?:sts|fc)-sdk$/ }, async ({ path }) => {
        const sdk = basename(path) as SdkName
        const files = sdks.get(sdk) ?? bundleSdkOnce(sdk, OPTIONS)
        sdks.set(sdk, files)
        mkdirSync(folder, { recursive: true })
        for (const { name, contents } of await files) writeFileSync(join(folder, name), contents)
        return { path: `./${sdk}.js`, external: true }
      })
    },
  }
}

// The signer of version 1 stays out of the entry as well.
function splitV1(folder: string): Plugin {
  return {
    name: 'v1',
    setup({ onResolve }) {
      onResolve({ filter: /\/sign-v1$/ }, async ({ resolveDir }) => {
        const outfile = join(folder, 'sign-v1.js')
        await build({ ...OPTIONS, entryPoints: [join(resolveDir, 'sign-v1.ts')], outfile })
        return { path: './sign-v1.js', external: true }
      })
    },
  }
}

// Once for all functions and every rebuild: they take longer than all the rest together.
const sdks = new Map<SdkName, Promise<SdkFile[]>>()

/** A line for each function over the budget; what an adopter's own rules need is no reason to fail. */
export function warnAboutSize(built: readonly BuiltFunction[]): string[] {
  return built
    .filter(({ bytes }) => bytes > BUDGET_BYTES)
    .map(
      ({ name, bytes }) =>
        `Warning: ${name} has ${bytes} bytes, ${bytes - BUDGET_BYTES} more than the ${BUDGET_BYTES} that keep its cold start short`,
    )
}

async function main(): Promise<void> {
  const built = await buildFunctions({ outDir: join(root, 'dist') })
  for (const { name, bytes } of built) {
    console.log(`dist/${name}/`.padEnd(24), `${(bytes / 1000).toFixed(1)} kB`.padStart(10))
  }
  for (const line of warnAboutSize(built)) console.error(line)
}

if (require.main === module) {
  main().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error)
    process.exitCode = 1
  })
}
