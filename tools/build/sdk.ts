import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { packagesIn } from './packages'

/** A file of an SDK, deployed beside a function's entry. */
export type SdkFile = { name: string; contents: Uint8Array }

/** A bundle and the packages whose code it contains. */
type Bundle = { contents: Uint8Array; packages: string[] }

/**
 * Modules that an SDK imports eagerly and our calls rarely (`modules`) or never (`absent`) need;
 * `importers` are the files that import the rare ones. `alias` selects the build of the SDK for our Node.
 */
type Rare = {
  importers: RegExp
  modules: readonly string[]
  absent: RegExp
  alias: Readonly<Record<string, string>>
}

// Rarely needed: XML responses. Never: WebSockets, layers, other calls, and credentials that are not given.
// Together more than half of an SDK's size and load time.
const RARE = {
  'sts-sdk': {
    importers: /@darabonba.typescript.dist.\w+\.js$/,
    alias: {},
    absent:
      /^\.\/(?:providers\/(?!static_)|(?:rsa_key_pair|bearer_token)_|websocket|AssumeRoleWith|GetCallerIdentity)/,
    modules: ['lodash', 'moment', 'xml2js'],
  },
  'fc-sdk': {
    importers: /@alicloud.fc2.lib.client\.js$/,
    // Beside it, the package has a build for Node 6, with core-js 2.
    alias: { '@alicloud/fc2': '@alicloud/fc2/lib/client.js' },
    // For layers, the temporary bucket and instances, by an axios of 2021.
    absent: /^(?:ali-oss|axios|ws)$/,
    modules: [],
  },
} as const satisfies Record<string, Rare>

export type SdkName = keyof typeof RARE

const FOLDERS = { 'sts-sdk': 'sts', 'fc-sdk': 'events' } as const satisfies Record<SdkName, string>

/** Returns the path of our source file that an SDK's bundle starts from. */
export function sdkEntry(name: SdkName): string {
  return resolve(__dirname, '../../shared', FOLDERS[name], `${name}.ts`)
}

/**
 * Bundles `shared/<folder>/<name>.ts` with its SDK, and the rarely needed modules into a second
 * file that is loaded on first use.
 */
export async function bundleSdk(
  name: SdkName,
  options: BuildOptions,
): Promise<(SdkFile & Bundle)[]> {
  const rare: Rare = RARE[name]
  const rareFile = `${name}-rare.js`
  // The folder that imports each module, which determines its version. A newer SDK may import
  // fewer.
  const found = new Map<string, string>()
  const plugins = [postponeImports(rare, rareFile, found)]
  const alias = { ...options.alias, ...rare.alias }
  const main = await bundle({ ...options, alias, entryPoints: [sdkEntry(name)], plugins })
  const modules = [...found.keys()].sort()
  const getters = modules.map((module) => `get '${module}'() { return require('${module}') }`)
  const [resolveDir = ''] = found.values()
  const stdin = { contents: `module.exports = { ${getters} }`, resolveDir }
  const files = [{ name: `${name}.js`, ...main }]
  return modules.length === 0
    ? files
    : [...files, { name: rareFile, ...(await bundle({ ...options, stdin })) }]
}

async function bundle(options: BuildOptions): Promise<Bundle> {
  const { outputFiles, metafile } = await build({
    ...options,
    // esbuild resolves an alias there: the packages are ours, not those of the folder that the command runs in.
    absWorkingDir: __dirname,
    write: false,
    metafile: true,
  })
  const [output] = Object.values(metafile.outputs)
  return {
    contents: outputFiles?.[0]?.contents ?? new Uint8Array(),
    packages: packagesIn(output?.inputs ?? {}),
  }
}

function postponeImports(
  { importers, modules, absent }: Rare,
  rareFile: string,
  found: Map<string, string>,
): Plugin {
  return {
    name: 'postpone-imports',
    setup({ onLoad, onResolve }) {
      onLoad({ filter: importers }, async ({ path }) => {
        const source = await readFile(path, 'utf8')
        const postponed = source.replace(IMPORT, (line, head, value, module) => {
          if (!modules.includes(module)) return line
          found.set(module, dirname(path))
          const load = value.replace(/require\(.*?\)/, `require('./${rareFile}')['${module}']`)
          return `${head} = __postponed(() => ${load});`
        })
        return { contents: postponed + POSTPONED }
      })
      onResolve({ filter: /-rare\.js$/ }, ({ path }) => ({ path, external: true }))
      onResolve({ filter: /./ }, ({ path }) =>
        absent.test(path) ? { path, namespace: 'absent' } : undefined,
      )
      onLoad({ filter: /./, namespace: 'absent' }, ({ path }) => ({ contents: refusal(path) }))
      onResolve({ filter: /^debug$/ }, ({ path }) => ({ path, namespace: 'silent' }))
      onLoad({ filter: /./, namespace: 'silent' }, () => ({ contents: SILENT }))
    },
  }
}

// Can be imported and inherited from as any module; throws where anything of it is called.
function refusal(module: string): string {
  return `
function refuse() { throw new Error('${module} is left out of the bundle, as none of our calls needs it') }
const absent = new Proxy(function () {}, { get: () => absent, apply: refuse, construct: refuse })
module.exports = absent`
}

// With DEBUG set, httpx would write whole bodies to the log, and those of AssumeRole have a secret key in them.
const SILENT = 'module.exports = () => () => undefined'

const IMPORT = /^((?:var|const) \w+) = (.*\brequire\(["']([\w-]+)["']\).*);$/gm

// The SDKs only read members of these imports or construct them.
const POSTPONED = `
function __postponed(load) {
  let loaded
  const use = () => (loaded ??= load())
  return new Proxy(function () {}, {
    get: (_, name) => use()[name],
    construct: (_, values) => new (use())(...values),
  })
}`
