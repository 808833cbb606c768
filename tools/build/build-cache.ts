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
import { CACHE, cacheKey } from './sdk-cache'

/** The contents of each file by name. */
export type Files = Readonly<Record<string, Uint8Array>>

/** What a build made, and the paths of all files that it was made of. */
export type Build = { files: Files; sources: readonly string[] }

// The hash of each source by path.
type Kept = { files: Files; hashes: Readonly<Record<string, string | undefined>> }

const MAX_BUILDS = 32
// The clock of file systems may be behind by as much.
const CLOCK_TICK_MS = 10

/**
 * Builds, or returns what was built under the same name and options before if none of its source files has changed since.
 * `builders` are the files of the code that builds.
 */
export async function buildOnce(
  { name, options, builders }: { name: string; options: object; builders: readonly string[] },
  build: () => Promise<Build>,
  cache = CACHE,
): Promise<Files> {
  const key = cacheKey(name, options, builders)
  const path = key && join(cache, key)
  const kept = path && read(path)
  if (kept) return kept.files
  const started = performance.timeOrigin + performance.now()
  const { files, sources } = await build()
  const paths = [...new Set([...sources, ...sources.flatMap(configurationsOf)])]
  const hashes = Object.fromEntries(paths.map((source) => [source, hashOf(source)]))
  // Of a file that was changed meanwhile, nobody knows which contents were built.
  const isSure = paths.every((source) => changedAt(source) < started - CLOCK_TICK_MS)
  if (path && isSure) write(path, { files, hashes })
  return files
}

function changedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0
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

function read(path: string): Kept | undefined {
  try {
    const kept: Kept = deserialize(readFileSync(path))
    for (const [source, hash] of Object.entries(kept.hashes)) {
      if (hashOf(source) !== hash) return undefined
    }
    const now = new Date()
    utimesSync(path, now, now)
    return kept
  } catch {
    // Not in the cache, or by another version of Node.
    return undefined
  }
}

// One file, which another process finds whole or not at all.
function write(path: string, kept: Kept): void {
  const draft = `${path}-${randomUUID()}`
  try {
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(draft, serialize(kept))
    renameSync(draft, path)
    removeOldest(path)
  } catch {
    // The disk is full or read-only: the next start builds again.
    rmSync(draft, { force: true })
  }
}

// The names of all builds of a kind begin with it.
function removeOldest(path: string): void {
  const folder = dirname(path)
  const kind = path.slice(folder.length + 1).replace(/-\w+$/, '-')
  const builds = readdirSync(folder)
    .filter((name) => name.startsWith(kind))
    .map((name) => join(folder, name))
    .map((file) => ({ file, time: statSync(file).mtimeMs }))
    .sort((one, other) => other.time - one.time)
  for (const { file } of builds.slice(MAX_BUILDS)) rmSync(file, { force: true })
}
