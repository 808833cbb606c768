import { readdirSync, rmSync } from 'node:fs'
import { held } from './setup'

// Where tsx keeps what it compiled.
const OF_TOOLS = /^tsx-\d+$/

/** Ends a run; throws when a suite left something in the temporary folder. */
export default function tearDown(): void {
  const run = held.ossDirectTestRun
  if (!run) return
  const left = readdirSync(run.tmp).filter((name) => !OF_TOOLS.test(name))
  for (const folder of [run.tmp, run.folder]) rmSync(folder, { recursive: true, force: true })
  if (left.length > 0) throw new Error(`The run left in its temporary folder: ${left.join(', ')}`)
}
