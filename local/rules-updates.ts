import { statSync, watch } from 'node:fs'
import { basename, dirname } from 'node:path'

const SETTLE_MS = 100

/** Keeps what is deployed in step with the rules file. */
export type RulesUpdates = {
  /** Resolves once what is deployed is made from the file as it is now, or was said to be broken. */
  refresh: () => Promise<void>
  /** Resolves when no rebuild is under way any more. */
  close: () => Promise<void>
}

/** Rebuilds whenever the file is written; a broken edit is reported and leaves the last good rules. */
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
        () => log(`${name} changed: the new rules are in force`),
        (error: Error) => log(`${name} is broken, the last good rules stay:\n${error.message}`),
      )
    }
  }
  function refresh(): Promise<void> {
    running ??= update().finally(() => {
      running = undefined
    })
    return running
  }
  // The folder, not the file: editors write a new file and put it in the old one's place.
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
