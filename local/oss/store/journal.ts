import { closeSync, existsSync, openSync, readFileSync, renameSync } from 'node:fs'
import { writeFully } from './blob'
import type { Change } from './records'
import { applyChange, type State, toChanges } from './state'

const COMPACT_BYTES = 64 * 1024

/**
 * The store's index on disk: one JSON line a change, appended after the bytes it speaks of are
 * written, so that a crash at any moment leaves the state before the change or the one after it.
 */
export class Journal {
  private readonly fd: number

  private constructor(fd: number) {
    this.fd = fd
  }

  /** Reads a journal, or begins one, and leaves the shortest one that says the same. */
  static open(path: string): { journal: Journal; state: State } {
    const state: State = new Map()
    for (const change of readChanges(path)) applyChange(state, change)
    const fresh = `${path}.new`
    const fd = openSync(fresh, 'w', 0o600)
    writeChanges(fd, toChanges(state))
    closeSync(fd)
    renameSync(fresh, path)
    return { journal: new Journal(openSync(path, 'a')), state }
  }

  append(change: Change): void {
    // The leading newline keeps a line torn by a full disk from swallowing this one.
    writeFully(this.fd, Buffer.from(`\n${JSON.stringify(change)}\n`))
  }

  close(): void {
    closeSync(this.fd)
  }
}

function* readChanges(path: string): Generator<Change> {
  if (!existsSync(path)) return
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    if (line === '') continue
    const change = parseLine(line)
    if (change) yield change
  }
}

function parseLine(line: string): Change | undefined {
  try {
    // Only this class writes the file; what parses was written whole.
    return JSON.parse(line) as Change
  } catch {
    // The last line of a process that was killed while it wrote.
    return undefined
  }
}

function writeChanges(fd: number, changes: Iterable<Change>): void {
  let pending = ''
  for (const change of changes) {
    pending += `${JSON.stringify(change)}\n`
    if (pending.length < COMPACT_BYTES) continue
    writeFully(fd, Buffer.from(pending))
    pending = ''
  }
  writeFully(fd, Buffer.from(pending))
}
