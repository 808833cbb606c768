import { mkdirSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { type BuildOptions as BuildOptionsOfEsbuild, build, type Plugin } from 'esbuild'
import { FINGERPRINT, type Rules } from '../../shared/rules/rules'
import { startTool, type Tool } from '../command-line'
import { loadRules } from '../load-rules'
import { findRulesFile, RULES_ALIAS } from '../rules-file'
import { BUDGET_BYTES } from './budgets'
import { countModules, packagesIn } from './packages'
import { type SdkFile, type SdkName, sdkEntry } from './sdk'
import { bundleSdkOnce } from './sdk-cache'

const root = resolve(__dirname, '../..')

/**
 * A function's entry, without what was left out of it: `packages` names those that it has code of, `modules` counts the
 * source files that run when it is loaded. `sources` are the paths of all files that the whole folder was made of.
 */
export type BuiltFunction = {
  name: string
  file: string
  bytes: number
  packages: string[]
  modules: number
  sources: string[]
}

export type BuildOptions = {
  /** Where `<function>/index.js` is written; emptied first. */
  outDir: string
  /** The rules to build in; the project's own `rules.ts` when absent. */
  rulesFile?: string
  /** What that file exports, where it is loaded already. */
  rules?: Rules
  /** The function that upload events go to; the example when absent. */
  consumerFile?: string
  /** True to build the web server beside the functions. */
  webServer?: boolean
}

/** The name of the example consumer, which is built and deployed with the rest. */
export const CONSUMER = 'upload-consumer'

/** The name of the web server, which answers the requests of four functions. */
export const WEB_SERVER = 'web-server'

/** Bundles every function into a folder of its own, as Function Compute loads it: CJS for Node 20. */
export async function buildFunctions(options: BuildOptions): Promise<BuiltFunction[]> {
  const rulesFile = resolve(options.rulesFile ?? join(root, 'rules.ts'))
  rmSync(options.outDir, { recursive: true, force: true })
  mkdirSync(options.outDir, { recursive: true })
  const consumer = resolve(options.consumerFile ?? join(root, 'examples', `${CONSUMER}.ts`))
  const ours = readdirSync(join(root, 'functions'))
    .sort()
    .map((file) => [basename(file, '.ts'), join(root, 'functions', file)] as const)
  const server = [WEB_SERVER, join(root, 'server', `${WEB_SERVER}.ts`)] as const
  const entries = [...ours, [CONSUMER, consumer] as const, ...(options.webServer ? [server] : [])]
  const rules = options.rules ?? (await loadRules(rulesFile))
  // All at once, so that what they share is read once.
  const { metafile } = await build({
    ...OPTIONS,
    metafile: true,
    // The functions check other rules than these at their start, and these no more.
    define: { CHECKED_RULES: JSON.stringify(Reflect.get(rules, FINGERPRINT)) },
    entryPoints: Object.fromEntries(entries.map(([name, path]) => [join(name, 'index'), path])),
    outdir: options.outDir,
    plugins: [useRules(rulesFile), leaveOut],
  })
  const outputs = new Map(
    Object.entries(metafile.outputs).map(([path, output]) => [resolve(path), output]),
  )
  const built: BuiltFunction[] = []
  for (const [name] of entries) {
    const file = join(options.outDir, name, 'index.js')
    const { inputs = {}, imports = [] } = outputs.get(resolve(file)) ?? {}
    const sources = [...Object.keys(inputs), ...(await writeLeftOut(dirname(file), imports))]
    built.push({
      ...{ name, file, bytes: statSync(file).size },
      ...{ packages: packagesIn(inputs), modules: countModules(inputs) },
      sources: sources.map((source) => resolve(source)),
    })
  }
  return built
}

const OPTIONS = {
  bundle: true,
  minify: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  // Node would read a CommonJS file twice more for an `import()`, for its exports and its format.
  // Node 20 has property escapes, which esbuild would write as longer calls of `RegExp`.
  supported: { 'dynamic-import': false, 'regexp-unicode-property-escapes': true },
  // The FC SDK asks for it only where a proxy is set.
  external: ['proxy-agent'],
  alias: RULES_ALIAS,
  logLevel: 'silent',
} as const satisfies BuildOptionsOfEsbuild

function useRules(rulesFile: string): Plugin {
  return {
    name: 'rules',
    setup({ onResolve }) {
      onResolve({ filter: /^\.\.\/rules$/ }, ({ importer }) =>
        ['functions', 'server'].includes(basename(dirname(importer)))
          ? { path: rulesFile }
          : undefined,
      )
    },
  }
}

// What stays out of an entry, to be read when it is first needed: the SDKs, the signer of version 1, what knows types of
// files, the forms of web samples, the deny list in the bucket and the check of rules.
const LEFT_OUT: Readonly<Record<string, () => Promise<LeftOut>>> = {
  './sts-sdk.js': () => bundleNamedSdk('sts-sdk'),
  './fc-sdk.js': () => bundleNamedSdk('fc-sdk'),
  './credentials-sdk.js': () => bundleOwn('server', 'credentials-sdk'),
  './sign-v1.js': () => bundleOwn('shared/signing', 'sign-v1'),
  './sniff-type.js': () => bundleOwn('shared/callback', 'sniff-type'),
  './web-form.js': () => bundleOwn('shared/dialects', 'web-form'),
  './fetch-deny-list.js': () => bundleOwn('shared/env', 'fetch-deny-list'),
  './check-rules.js': () => bundleOwn('shared/rules', 'check-rules'),
}

const leaveOut: Plugin = {
  name: 'left-out',
  setup({ onResolve }) {
    onResolve(
      {
        filter:
          /\/(?:sts-sdk|fc-sdk|credentials-sdk|sign-v1|sniff-type|web-form|fetch-deny-list|check-rules)$/,
      },
      ({ path }) => ({
        path: `./${basename(path)}.js`,
        external: true,
      }),
    )
  },
}

type LeftOut = { files: SdkFile[]; sources: string[] }

// The SDK itself is that of the lock file.
async function bundleNamedSdk(name: SdkName): Promise<LeftOut> {
  return { files: await bundleSdkOnce(name, OPTIONS), sources: [sdkEntry(name)] }
}

async function bundleOwn(folder: string, name: string): Promise<LeftOut> {
  const entryPoints = [join(root, folder, `${name}.ts`)]
  const options = { ...OPTIONS, entryPoints, write: false as const, metafile: true as const }
  const { outputFiles, metafile } = await build(options)
  const files = outputFiles.map(({ contents }) => ({ name: `${name}.js`, contents }))
  return { files, sources: Object.keys(metafile.inputs) }
}

/** Writes beside an entry what it imports of what was left out, and returns what that was made of. */
async function writeLeftOut(
  folder: string,
  imports: readonly { path: string }[],
): Promise<string[]> {
  const sources: string[] = []
  for (const { path } of imports) {
    const bundleFiles = LEFT_OUT[path]
    if (!bundleFiles) continue
    const bundled = leftOut.get(path) ?? bundleFiles()
    leftOut.set(path, bundled)
    const { files, sources: more } = await bundled
    for (const { name, contents } of files) writeFileSync(join(folder, name), contents)
    sources.push(...more)
  }
  return sources
}

// Once for all functions and every rebuild.
const leftOut = new Map<string, Promise<LeftOut>>()

/**
 * A line for each function over the budget; what an adopter's own rules need is no reason to fail. The web server, which
 * starts once for many requests, has no budget.
 */
export function warnAboutSize(built: readonly Pick<BuiltFunction, 'name' | 'bytes'>[]): string[] {
  return built
    .filter(({ name, bytes }) => name !== WEB_SERVER && bytes > BUDGET_BYTES)
    .map(
      ({ name, bytes }) =>
        `Warning: ${name} has ${bytes} bytes, ${bytes - BUDGET_BYTES} more than the ${BUDGET_BYTES} that keep its cold start short`,
    )
}

const HELP = `Bundles every function, and the web server, into a folder of its own below dist/, with the rules in rules.ts.

  npm run build

  --help     prints this; --version the version`

async function buildAll(): Promise<void> {
  findRulesFile(join(root, 'rules.ts'))
  const built = await buildFunctions({ outDir: join(root, 'dist'), webServer: true })
  for (const { name, bytes } of built) {
    console.log(`dist/${name}/`.padEnd(24), `${(bytes / 1000).toFixed(1)} kB`.padStart(10))
  }
  for (const line of warnAboutSize(built)) console.error(line)
}

/** The command `npm run build`. @internal */
export const command: Tool = { help: HELP, run: buildAll }

if (require.main === module) startTool(command)
