import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'
import { packagesIn } from './packages'

/** A file of an SDK, to be deployed beside a function's entry. */
export type SdkFile = { name: string; contents: Uint8Array }

/** The packages that a bundle has code of, beside it. */
type Bundle = { contents: Uint8Array; packages: string[] }

/**
 * What an SDK imports at once and our calls seldom come to (`modules`) or never (`absent`); `importers` are the files that
 * import it. `alias` is the one build of the SDK that our Node takes.
 */
type Rare = {
  importers: RegExp
  modules: readonly string[]
  absent: readonly string[]
  alias: Readonly<Record<string, string>>
}

// Seldom are XML answers and SOCKS, never WebSockets and layers: more than half of an SDK's bytes and of its start.
const RARE = {
  'sts-sdk': {
    importers: /@darabonba.typescript.dist.\w+\.js$/,
    alias: {},
    absent: [],
    modules: [
      'http-proxy-agent',
      'https-proxy-agent',
      'lodash',
      'moment',
      'socks-proxy-agent',
      'ws',
      'xml2js',
    ],
  },
  'fc-sdk': {
    importers: /@alicloud.fc2.lib.client\.js$/,
    // Beside it, the package has a build for Node 6, with core-js 2.
    alias: { '@alicloud/fc2': '@alicloud/fc2/lib/client.js' },
    // For layers, the temporary bucket and instances, by an axios of 2021.
    absent: ['ali-oss', 'axios', 'ws'],
    modules: [],
  },
} as const satisfies Record<string, Rare>

export type SdkName = keyof typeof RARE

const FOLDERS = { 'sts-sdk': 'sts', 'fc-sdk': 'events' } as const satisfies Record<SdkName, string>

/** The one source of ours that an SDK's bundle begins with. */
export function sdkEntry(name: SdkName): string {
  return resolve(__dirname, '../../shared', FOLDERS[name], `${name}.ts`)
}

/** Bundles `shared/<folder>/<name>.ts` with its SDK, and what that SDK rarely needs as a second file, read on first use. */
export async function bundleSdk(
  name: SdkName,
  options: BuildOptions,
): Promise<(SdkFile & Bundle)[]> {
  const rare: Rare = RARE[name]
  const rareFile = `${name}-rare.js`
  // The folder that imports each of them, and so knows its version. A newer SDK may import fewer.
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
  const { outputFiles, metafile } = await build({ ...options, write: false, metafile: true })
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
          if (absent.includes(module)) return `${head} = __postponed(() => { ${refusal(module)} });`
          if (!modules.includes(module)) return line
          found.set(module, dirname(path))
          const load = value.replace(/require\(.*?\)/, `require('./${rareFile}')['${module}']`)
          return `${head} = __postponed(() => ${load});`
        })
        return { contents: postponed + POSTPONED }
      })
      onResolve({ filter: /-rare\.js$/ }, ({ path }) => ({ path, external: true }))
    },
  }
}

function refusal(module: string): string {
  return `throw new Error('${module} is left out of the bundle, as none of our calls needs it')`
}

const IMPORT = /^((?:var|const) \w+) = (.*\brequire\(["']([\w-]+)["']\).*);$/gm

// All that is ever done with what those imports give is to read a member or to construct.
const POSTPONED = `
function __postponed(load) {
  let loaded
  const use = () => (loaded ??= load())
  return new Proxy(function () {}, {
    get: (_, name) => use()[name],
    construct: (_, values) => new (use())(...values),
  })
}`
