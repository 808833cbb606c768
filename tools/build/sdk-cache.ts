import { createHash } from 'node:crypto'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type BuildOptions, version } from 'esbuild'
import { bundleSdk, type SdkFile, type SdkName, sdkEntry } from './sdk'

const root = resolve(__dirname, '../..')

/** The folder of what is kept between starts. */
export const CACHE = join(root, 'node_modules', '.cache', 'oss-direct')

const BUNDLER = join(__dirname, 'sdk.ts')

/** Bundles an SDK, or returns the cached bundle of the same packages and options. */
export async function bundleSdkOnce(name: SdkName, options: BuildOptions): Promise<SdkFile[]> {
  const folder = cacheFolder(name, options)
  const kept = folder && readFiles(folder)
  if (kept) return kept
  const files = await bundleSdk(name, options)
  if (folder) writeFiles(folder, files)
  return files
}

/**
 * Returns the cache folder of an SDK's files, or `undefined` if they must not be cached; the key
 * covers the packages, the options and the entry.
 */
export function cacheFolder(name: SdkName, options: BuildOptions): string | undefined {
  const key = cacheKey(name, options, [sdkEntry(name), BUNDLER])
  return key && join(CACHE, key)
}

/**
 * Returns a name in the cache, or `undefined` if nothing must be cached; it is another one for other options, packages or
 * contents of these files.
 */
export function cacheKey(
  name: string,
  options: object,
  files: readonly string[],
): string | undefined {
  const hash = createHash('sha256').update(JSON.stringify([name, options, version]))
  try {
    for (const file of [join(root, 'package-lock.json'), ...files]) {
      hash.update(createHash('sha256').update(readFileSync(file)).digest())
    }
  } catch {
    // An installed package has no lock file, so its dependencies may change unnoticed: nothing is
    // cached.
    return undefined
  }
  return `${name}-${hash.digest('hex').slice(0, 32)}`
}

function readFiles(folder: string): SdkFile[] | undefined {
  try {
    const names = readdirSync(folder).sort()
    return names.map((name) => ({ name, contents: readFileSync(join(folder, name)) }))
  } catch {
    // Not in the cache.
    return undefined
  }
}

function writeFiles(folder: string, files: readonly SdkFile[]): void {
  let draft: string | undefined
  try {
    mkdirSync(dirname(folder), { recursive: true })
    // Written to a temporary folder first, so that another process finds all files or none.
    draft = mkdtempSync(`${folder}-`)
    for (const { name, contents } of files) writeFileSync(join(draft, name), contents)
    renameSync(draft, folder)
  } catch {
    // Another process was faster, or the disk is full or read-only: the next start bundles again.
    if (draft) rmSync(draft, { recursive: true, force: true })
  }
}
