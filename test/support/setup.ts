import { mkdirSync, mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { RUN_FOLDER } from './run'

/** What the end of the run needs of its start. */
export type Run = { tmp: string; folder: string }

/** Where the run is kept between `setup.ts` and `teardown.ts`. */
export const held = globalThis as unknown as { ossDirectTestRun?: Run }

const CACHE = resolve(__dirname, '../../node_modules/.cache/oss-direct')

/** Prepares a run: a temporary folder of its own, and a folder of what suites share. */
export default function setUp(): void {
  mkdirSync(CACHE, { recursive: true })
  // Below the project, since a bundle of ours looks for its packages from where it is.
  const folder = mkdtempSync(join(CACHE, 'run-'))
  const tmp = mkdtempSync(join(tmpdir(), 'oss-direct-run-'))
  held.ossDirectTestRun = { tmp, folder }
  process.env.TMPDIR = tmp
  process.env[RUN_FOLDER] = folder
}
