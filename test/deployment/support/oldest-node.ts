import { execFileSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

/** The version that the official layer of Function Compute's runtime nodejs20 has: bundles must not need a newer one. */
export const OLDEST_VERSION = 'v20.11.0'

const CACHE = resolve(__dirname, '../../../node_modules/.cache/oss-direct')
const ARCHITECTURE = `${process.platform}-${process.arch}`

/** Returns the path of that Node: `$OLDEST_NODE`, or the one that npm installs into the cache at the first call. */
export function oldestNode(): string {
  const named = process.env.OLDEST_NODE
  if (named) return named
  const folder = join(CACHE, `node-${OLDEST_VERSION}`)
  const node = join(folder, 'node_modules', `node-${ARCHITECTURE}`, 'bin/node')
  if (!existsSync(node)) install(folder)
  if (existsSync(node)) return node
  throw new Error(`npm has no Node ${OLDEST_VERSION} for ${ARCHITECTURE}: set OLDEST_NODE`)
}

// Beside the others of the project, which need a newer Node; its lock file has the SHA-512.
function install(folder: string): void {
  mkdirSync(CACHE, { recursive: true })
  const draft = mkdtempSync(`${folder}-`)
  cpSync(join(__dirname, 'node-20.11'), draft, { recursive: true })
  execFileSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], {
    cwd: draft,
    stdio: 'pipe',
  })
  try {
    renameSync(draft, folder)
  } catch (error) {
    // Another suite was faster.
    if (!existsSync(folder)) throw error
    rmSync(draft, { recursive: true, force: true })
  }
}
