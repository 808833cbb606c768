import { appendFileSync, existsSync, readFileSync } from 'node:fs'

/** Opens the table of files that upload events reported: a file of JSON lines, one for each event. */
export function openTable(path) {
  const events = new Map()
  const lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n') : []
  for (const event of lines.flatMap(parseLine)) events.set(event.id, event)

  return {
    /** Keeps an event; a repeated one changes nothing. Throws where it can't be written. */
    add(event) {
      if (events.has(event.id)) return
      // A line begins with its line feed: what a crash left unfinished spoils no other line.
      appendFileSync(path, `\n${JSON.stringify(event)}`, { flush: true })
      events.set(event.id, event)
    },

    /** Returns what is stored under each key of this user: the newest upload. */
    filesOf(sub) {
      const files = new Map()
      const own = [...events.values()].filter(({ data }) => data.sub === sub)
      for (const { time = '', data } of own) {
        const { key, size, contentType } = data
        if (time >= (files.get(key)?.time ?? '')) files.set(key, { key, size, contentType, time })
      }
      return [...files.values()]
    },
  }
}

function parseLine(line) {
  try {
    return line ? [JSON.parse(line)] : []
  } catch {
    // Unfinished: this event was never acknowledged, so it comes again.
    return []
  }
}
