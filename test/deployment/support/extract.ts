import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders: string[] = []

/** Packs a function's folder into a zip and extracts this to a folder without a project around it, as a deployment does. */
export function extractCode(folder: string): string {
  const fresh = mkdtempSync(join(tmpdir(), 'deployed-'))
  folders.push(fresh)
  const zip = join(fresh, 'code.zip')
  const code = join(fresh, 'code')
  mkdirSync(code)
  runZipfile(['-c', zip, ...readdirSync(folder)], folder)
  runZipfile(['-e', zip, code], code)
  return code
}

/** Removes what was extracted in this suite. */
export function removeCode(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true })
}

function runZipfile(args: readonly string[], cwd: string): void {
  execFileSync('python3', ['-m', 'zipfile', ...args], { cwd, stdio: 'pipe' })
}
