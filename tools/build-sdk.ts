import { readFile } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type BuildOptions, build, type Plugin } from 'esbuild'

/** A file of an SDK, to be deployed beside a function's entry. */
export type SdkFile = { name: string; contents: Uint8Array }

// What the SDKs import at once, and our calls come to seldom (XML answers) or never (WebSockets, SOCKS, layers): more
// than half of an SDK's bytes and of its start.
const RARE: Readonly<Record<string, { importers: RegExp; modules: readonly string[] }>> = {
  'sts-sdk': {
    importers: /@darabonba.typescript.dist.\w+\.js$/,
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
    importers: /@alicloud.fc2.(?:lib|es5).client\.js$/,
    modules: ['ali-oss', 'axios', 'ws'],
  },
}

/** Bundles `shared/<name>.ts` with its SDK, and what that SDK rarely needs as a second file, read on first use. */
export async function bundleSdk(name: string, options: BuildOptions): Promise<SdkFile[]> {
  const rare = new RareModules(name)
  const entry = resolve(__dirname, '..', 'shared', `${name}.ts`)
  const plugins = [rare.plugin]
  const main = await bundle({ ...options, entryPoints: [entry], plugins })
  return [
    { name: `${name}.js`, contents: main },
    { name: rare.file, contents: await bundle({ ...options, stdin: rare.entry() }) },
  ]
}

async function bundle(options: BuildOptions): Promise<Uint8Array> {
  const { outputFiles = [] } = await build({ ...options, write: false })
  return outputFiles[0]?.contents ?? new Uint8Array()
}

class RareModules {
  readonly file: string
  private readonly importers: RegExp
  private readonly modules: readonly string[]
  private readonly found = new Set<string>()
  private folder = ''

  constructor(sdk: string) {
    const { importers, modules } = RARE[sdk] ?? { importers: /^$/, modules: [] }
    this.file = `${sdk}-rare.js`
    this.importers = importers
    this.modules = modules
  }

  readonly plugin: Plugin = {
    name: 'rare-modules',
    setup: ({ onLoad, onResolve }) => {
      onLoad({ filter: /./ }, async ({ path }) => {
        if (!this.importers.test(path)) return undefined
        this.folder = dirname(path)
        return { contents: this.postpone(await readFile(path, 'utf8')) }
      })
      onResolve({ filter: /-rare\.js$/ }, ({ path }) => ({ path, external: true }))
    },
  }

  /** What the second file exports: a getter for each module. */
  entry() {
    const absent = this.modules.filter((name) => !this.found.has(name))
    if (absent.length > 0) {
      throw new Error(`${this.file}: the SDK no longer imports ${absent.join(', ')}`)
    }
    const getters = this.modules.map((name) => `get '${name}'() { return require('${name}') }`)
    return { contents: `module.exports = { ${getters} }`, resolveDir: this.folder }
  }

  private postpone(source: string): string {
    const text = source.replace(
      /^(var|const) (\w+) = (.*\brequire\(["']([\w-]+)["']\).*);$/gm,
      (line, kind, variable, value, module) => {
        if (!this.modules.includes(module)) return line
        this.found.add(module)
        const load = value.replace(/require\(.*?\)/, `require('./${this.file}')['${module}']`)
        return `${kind} ${variable} = __postponed(() => ${load});`
      },
    )
    return text + POSTPONED
  }
}

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
