import { readdirSync, rmSync } from 'node:fs'
import { copyFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { makeFolder } from '../../folders'
import { isBlobName, newBlobName } from '../ids'
import { type BlobLimit, type Digest, writeBlob } from './blob'
import { Journal } from './journal'
import { lockFolder } from './lock'
import { Md5Thread } from './md5-thread'
import { readSegments } from './read'
import type { Change, ObjectRecord, Segment } from './records'
import { applyChange, type Bucket, type State, usedBlobs } from './state'

/** Bytes on disk that no object references yet. */
export type Blob = Digest & { blob: string }

/** Buckets, objects and uploads in one folder; changes are synchronous and survive a crash. */
export class Store {
  private readonly folder: string
  private readonly state: State
  private readonly journal: Journal
  private readonly unlock: () => void
  private readonly md5Thread = new Md5Thread()
  private readonly readers = new Map<string, number>()
  private readonly doomed = new Set<string>()
  private readonly removals = new Set<Promise<void>>()

  constructor(folder: string) {
    this.folder = folder
    makeFolder(join(folder, 'blobs'), 0o700)
    this.unlock = lockFolder(folder)
    try {
      const { journal, state } = Journal.open(join(folder, 'journal'))
      this.journal = journal
      this.state = state
      this.sweep()
    } catch (error) {
      this.unlock()
      throw error
    }
  }

  buckets(): Bucket[] {
    return [...this.state.values()]
  }

  bucket(name: string): Bucket | undefined {
    return this.state.get(name)
  }

  object(bucket: string, key: string): ObjectRecord | undefined {
    return this.state.get(bucket)?.objects.get(key)
  }

  /** Streams bytes to disk; they are unreferenced until a change is committed. */
  async write(source: Readable, limit: BlobLimit): Promise<Blob> {
    const blob = newBlobName()
    const { md5Thread } = this
    try {
      return { blob, ...(await writeBlob(this.pathOf(blob), source, { ...limit, md5Thread })) }
    } catch (error) {
      await this.discard(blob)
      throw error
    }
  }

  /** Copies the bytes of an object; the copies are unreferenced until a change is committed. */
  async copy(segments: readonly Segment[]): Promise<Segment[]> {
    const release = this.hold(segments)
    const copies: Segment[] = []
    try {
      for (const { blob, size } of [...segments]) {
        const copy = newBlobName()
        copies.push({ blob: copy, size })
        await copyFile(this.pathOf(blob), this.pathOf(copy))
      }
      return copies
    } catch (error) {
      await Promise.all(copies.map((copy) => this.discard(copy.blob)))
      throw error
    } finally {
      release()
    }
  }

  /** Deletes bytes that no change references. */
  async discard(blob: string): Promise<void> {
    await unlink(this.pathOf(blob)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }

  /** Commits a change, first to the journal, then in memory. */
  commit(change: Change): void {
    this.journal.append(change)
    for (const blob of applyChange(this.state, change)) this.release(blob)
    this.journal.shorten(this.state)
  }

  /**
   * Returns the bytes from `start` to `end`, inclusive; they stay readable after the object is
   * deleted.
   */
  read(segments: readonly Segment[], start: number, end: number): Readable {
    const release = this.hold(segments)
    return readSegments(segments, { start, end, pathOf: (blob) => this.pathOf(blob), release })
  }

  async close(): Promise<void> {
    await Promise.all([...this.removals, ...[...this.doomed].map((blob) => this.discard(blob))])
    await this.md5Thread.close()
    this.journal.close()
    this.unlock()
  }

  private pathOf(blob: string): string {
    return join(this.folder, 'blobs', blob)
  }

  private hold(segments: readonly Segment[]): () => void {
    // Copied now: the list of an appendable object may grow meanwhile.
    const blobs = segments.map(({ blob }) => blob)
    for (const blob of blobs) this.readers.set(blob, (this.readers.get(blob) ?? 0) + 1)
    return () => {
      for (const blob of blobs) this.unhold(blob)
    }
  }

  private unhold(blob: string): void {
    const left = (this.readers.get(blob) ?? 1) - 1
    if (left > 0) return void this.readers.set(blob, left)
    this.readers.delete(blob)
    if (this.doomed.delete(blob)) this.release(blob)
  }

  private release(blob: string): void {
    if (this.readers.has(blob)) {
      this.doomed.add(blob)
      return
    }
    // A blob that could not be deleted is removed at the next start.
    const removal = this.discard(blob).catch(() => undefined)
    this.removals.add(removal)
    removal.finally(() => this.removals.delete(removal))
  }

  // Deletes blobs that were written but never referenced before a crash.
  private sweep(): void {
    const used = new Set(usedBlobs(this.state))
    for (const name of readdirSync(join(this.folder, 'blobs'))) {
      if (isBlobName(name) && !used.has(name)) rmSync(this.pathOf(name), { force: true })
    }
  }
}
