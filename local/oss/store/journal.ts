import { closeSync, existsSync, openSync, renameSync, rmSync } from 'node:fs'
import { writeFully } from './blob'
import { readLines } from './lines'
import type { Change } from './records'
import { applyChange, type State, toChanges } from './state'

// The first line of every journal: another file of that name must not be overwritten.
const HEADER = JSON.stringify({ journal: 'oss-direct', version: 1 })
const WRITE_BYTES = 64 * 1024
/** A journal is rewritten once it is this much longer than twice its minimal size. @internal */
export const SPARE_BYTES = 1024 * 1024

/**
 * The store's index on disk: one JSON line per change, appended after the bytes it refers to are
 * written, so that a crash leaves the state before or after a change.
 */
export class Journal {
  private readonly path: string
  private fd: number
  private bytes: number
  private maxBytes: number
  private isOpen = true

  private constructor(path: string, state: State) {
    const { fd, bytes } = writeAnew(path, state)
    this.path = path
    this.fd = fd
    this.bytes = bytes
    this.maxBytes = 2 * bytes + SPARE_BYTES
  }

  /**
   * Reads a journal, or creates one, and rewrites it to its minimal size; throws if the file is not
   * a journal.
   */
  static open(path: string): { journal: Journal; state: State } {
    const state: State = new Map()
    for (const change of readChanges(path)) applyChange(state, change)
    return { journal: new Journal(path, state), state }
  }

  append(change: Change): void {
    // The number of the closed descriptor may belong to another file by now.
    if (!this.isOpen) throw new Error('The store is closed')
    // The leading newline separates this line from one that a full disk cut off.
    const line = Buffer.from(`\n${JSON.stringify(change)}\n`)
    this.bytes += line.length
    writeFully(this.fd, line)
  }

  /** Rewrites the journal to its minimal size when most of it is outdated. */
  shorten(state: State): void {
    if (this.bytes <= this.maxBytes) return
    try {
      const { fd, bytes } = writeAnew(this.path, state)
      closeSync(this.fd)
      this.fd = fd
      this.bytes = bytes
    } catch {
      // For example a full disk: the long journal still has everything.
    }
    this.maxBytes = 2 * this.bytes + SPARE_BYTES
  }

  close(): void {
    this.isOpen = false
    closeSync(this.fd)
  }
}

function* readChanges(path: string): Generator<Change> {
  if (!existsSync(path)) return
  const lines = readLines(path)
  if (lines.next().value !== HEADER) {
    throw new Error(`${path} is not a journal of the local cloud; choose another data folder`)
  }
  for (const line of lines) {
    if (line === '') continue
    const change = parseLine(line)
    if (change) yield change
  }
}

function parseLine(line: string): Change | undefined {
  try {
    // Only this class writes the file; a line that parses is complete.
    return JSON.parse(line) as Change
  } catch {
    // The last line of a process that was killed while writing.
    return undefined
  }
}

// Written beside the old journal, which it replaces atomically.
function writeAnew(path: string, state: State): { fd: number; bytes: number } {
  const fresh = `${path}.new`
  rmSync(fresh, { force: true })
  const fd = openSync(fresh, 'ax', 0o600)
  try {
    const bytes = writeChanges(fd, toChanges(state))
    renameSync(fresh, path)
    return { fd, bytes }
  } catch (error) {
    closeSync(fd)
    throw error
  }
}

function writeChanges(fd: number, changes: Iterable<Change>): number {
  let bytes = 0
  let pending = `${HEADER}\n`
  const flush = () => {
    bytes += Buffer.byteLength(pending)
    writeFully(fd, Buffer.from(pending))
    pending = ''
  }
  for (const change of changes) {
    pending += `${JSON.stringify(change)}\n`
    if (pending.length >= WRITE_BYTES) flush()
  }
  flush()
  return bytes
}
