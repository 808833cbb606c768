import { statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

const SETTLE_MS = 100

/** Keeps the deployed functions up to date with the rules file. */
export type RulesUpdates = {
  /**
   * Resolves once the functions are built from the current file, or its failure has been reported.
   */
  refresh: () => Promise<void>
  /** Stops watching; resolves once no rebuild is in progress. */
  close: () => Promise<void>
}

/**
 * Rebuilds the functions whenever the file is written; after an invalid edit, which is reported,
 * the last valid rules stay.
 */
export function watchRules(options: {
  file: string
  rebuild: () => Promise<void>
  log: (line: string) => void
}): RulesUpdates {
  const { file, rebuild, log } = options
  const name = basename(file)
  let seen = stampOf(file)
  let running: Promise<void> | undefined
  let timer: NodeJS.Timeout | undefined

  async function update(): Promise<void> {
    for (let stamp = stampOf(file); stamp !== seen; stamp = stampOf(file)) {
      seen = stamp
      await rebuild().then(
        () => log(`${name} changed: the new rules are active`),
        (error: Error) =>
          log(`${name} is not valid, the last valid rules stay active:\n${error.message}`),
      )
    }
  }
  function refresh(): Promise<void> {
    running ??= update().finally(() => {
      running = undefined
    })
    return running
  }
  // Watches the folder, not the file: editors write a new file and rename it.
  const watcher = watch(dirname(file), (_, changed) => {
    if (changed !== name) return
    clearTimeout(timer)
    timer = setTimeout(() => void refresh(), SETTLE_MS)
  })
  const close = async () => {
    clearTimeout(timer)
    watcher.close()
    await running
  }
  return { refresh, close }
}

function stampOf(file: string): string {
  const status = statSync(file, { throwIfNoEntry: false })
  return status ? `${status.mtimeMs} ${status.ino} ${status.size}` : 'absent'
}
