import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The variables by which the suites of a run, each in a process of its own, find what they share. */
export const RUN_FOLDER = 'OSS_DIRECT_TEST_RUN'
export const BROWSER_URL = 'OSS_DIRECT_TEST_BROWSER'

/** What `test/support/setup.ts` left in the environment; throws where nothing was set up. */
export function fromSetup(name: typeof RUN_FOLDER | typeof BROWSER_URL): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set: run the tests by jest with jest.config.json`)
  return value
}

/** Makes a folder once in a run, in the suite that needs it first, and returns its path. */
export async function makeOnce(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const made = join(fromSetup(RUN_FOLDER), name)
  if (existsSync(made)) return made
  mkdirSync(dirname(made), { recursive: true })
  // Aside first, so that another suite finds all of it or nothing.
  const draft = mkdtempSync(join(dirname(made), `.${basename(name)}-`))
  await make(draft)
  try {
    renameSync(draft, made)
  } catch (error) {
    // Another suite was faster.
    if (!existsSync(made)) throw error
    rmSync(draft, { recursive: true, force: true })
  }
  return made
}
