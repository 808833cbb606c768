import { createHash, randomUUID } from 'node:crypto'
import {
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { deserialize, serialize } from 'node:v8'
import { FINGERPRINT, type Rules } from '../../shared/rules/rules'
import { type BuildOptions, type BuiltFunction, buildFunctions } from './functions'
import { CACHE, cacheKey } from './sdk-cache'

/** A function and the path of its entry. */
type Entry = Pick<BuiltFunction, 'name' | 'file'>

/** A build: the hash of each source file by path, and the contents of each bundle by path. */
type Build = {
  names: string[]
  sources: Record<string, string | undefined>
  files: Record<string, Uint8Array>
}

const MAX_BUILDS = 32
const BUILDERS = ['functions.ts', 'functions-cache.ts', 'sdk.ts'].map((name) =>
  join(__dirname, name),
)

/**
 * Builds the functions as `buildFunctions`, or copies what was built with these rules before if none of its source files
 * has changed since: the local cloud starts in half the time.
 */
export async function buildFunctionsOnce(
  options: BuildOptions & { rules: Rules },
  cache = CACHE,
): Promise<Entry[]> {
  const { outDir, rules, ...inputs } = options
  // What defineRules checked: rules may depend on more than their file.
  const key = { ...inputs, fingerprint: Reflect.get(rules, FINGERPRINT) }
  const name = cacheKey('functions', key, BUILDERS)
  const path = name && join(cache, name)
  const cached = path && readBuild(path)
  if (cached) {
    writeFiles(outDir, cached.files)
    return cached.names.map((name) => ({ name, file: join(outDir, name, 'index.js') }))
  }
  const built = await buildFunctions(options)
  if (path) writeBuild(path, toBuild(built, options))
  return built
}

function toBuild(built: readonly BuiltFunction[], { outDir }: BuildOptions): Build {
  const sources = built.flatMap((each) => each.sources)
  const paths = new Set([...sources, ...sources.flatMap(configurationsOf)])
  const folders = built.map(({ file }) => dirname(file))
  const files = folders.flatMap((folder) => readdirSync(folder).map((name) => join(folder, name)))
  return {
    names: built.map(({ name }) => name),
    sources: Object.fromEntries([...paths].map((path) => [path, hashOf(path)])),
    files: Object.fromEntries(
      files.map((file) => [file.slice(outDir.length + 1), readFileSync(file)]),
    ),
  }
}

// These say what an import means; one that is missing today may be there tomorrow.
function configurationsOf(source: string): string[] {
  const folder = dirname(source)
  const here = ['package.json', 'tsconfig.json'].map((name) => join(folder, name))
  return folder === dirname(folder) ? here : [...here, ...configurationsOf(folder)]
}

// Of an absent file, `undefined`.
function hashOf(path: string): string | undefined {
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex')
  } catch {
    return undefined
  }
}

function readBuild(path: string): Build | undefined {
  try {
    const build: Build = deserialize(readFileSync(path))
    for (const [source, hash] of Object.entries(build.sources)) {
      if (hashOf(source) !== hash) return undefined
    }
    const now = new Date()
    utimesSync(path, now, now)
    return build
  } catch {
    // Not in the cache, or by another version of Node.
    return undefined
  }
}

function writeFiles(outDir: string, files: Build['files']): void {
  rmSync(outDir, { recursive: true, force: true })
  for (const [name, contents] of Object.entries(files)) {
    const file = join(outDir, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, contents)
  }
}

// One file, which another process finds whole or not at all.
function writeBuild(path: string, build: Build): void {
  const draft = `${path}-${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, serialize(build))
    renameSync(draft, path)
    removeOldest(path)
  } catch {
    // The disk is full or read-only: the next start builds again.
    rmSync(draft, { force: true })
  }
}

function removeOldest(path: string): void {
  const builds = readdirSync(dirname(path))
    .filter((name) => name.startsWith('functions-'))
    .map((name) => join(dirname(path), name))
    .map((file) => ({ file, time: statSync(file).mtimeMs }))
    .sort((one, other) => other.time - one.time)
  for (const { file } of builds.slice(MAX_BUILDS)) rmSync(file, { force: true })
}
