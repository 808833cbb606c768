import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** The variable by which the suites of a run find the folder of what they share. */
export const RUN_FOLDER = 'OSS_DIRECT_TEST_RUN'

/** The folder of what suites share, as `test/support/setup.ts` left it in the environment. */
export function runFolder(): string {
  const folder = process.env[RUN_FOLDER]
  if (!folder)
    throw new Error(`${RUN_FOLDER} is not set: run the tests by jest with jest.config.json`)
  return folder
}

/** Makes a folder once in a run, in the suite that needs it first, and returns its path. */
export async function makeOnce(
  name: string,
  make: (folder: string) => Promise<void>,
): Promise<string> {
  const made = join(runFolder(), name)
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
