import { type ReadonlySignal, signal } from '@preact/signals'
import type { ListOptions, OssDirect, StoredFile } from '../../client'

/** A folder of one rule; the path of the rule's own folder is ''. */
export interface Place {
  rule: string
  path: string
}

/** What is known of a folder. */
export interface Listed {
  state: 'loading' | 'listed' | 'failed'
  files: readonly StoredFile[]
  folders: readonly string[]
  /** Where the next page begins; absent when everything is listed. */
  next?: string
  /** Why the latest request failed; what was listed before is still there. */
  error?: unknown
}

/** The listing of one folder, page by page. */
export interface Listing {
  listed: ReadonlySignal<Listed>
  /** Reads again as much as was shown. */
  load(): Promise<void>
  /** Reads the next page. */
  more(): Promise<void>
}

/** How many files and folders are read at once. */
const PAGE_SIZE = 50
// OSS lists no more at once (OSS: ListObjectsV2).
const MOST = 1000

/** Creates the listing of a folder; nothing is read yet. */
export function createListing(oss: Pick<OssDirect, 'list'>, { rule, path }: Place): Listing {
  const listed = signal<Listed>({ state: 'loading', files: [], folders: [] })
  let latest = 0

  async function read(options: ListOptions, before: Pick<Listed, 'files' | 'folders'>) {
    latest += 1
    const own = latest
    listed.value = { ...listed.value, state: 'loading' }
    const after = await oss.list(rule, { ...options, ...(path && { path }) }).then(
      ({ files, folders, next }): Listed => ({
        state: 'listed',
        // A folder that a console created is an object of the folder's own name.
        files: [...before.files, ...files.filter(({ name }) => name !== '')],
        folders: [...before.folders, ...folders],
        ...(next && { next }),
      }),
      (error: unknown): Listed => ({ ...listed.value, state: 'failed', error }),
    )
    // A later request has begun: its answer is the newer one.
    if (own === latest) listed.value = after
  }

  return {
    listed,
    load() {
      const shown = listed.value.files.length + listed.value.folders.length
      const limit = Math.min(Math.max(shown, PAGE_SIZE), MOST)
      return read({ limit }, { files: [], folders: [] })
    },
    async more() {
      const { next, state } = listed.value
      if (!next || state === 'loading') return
      await read({ limit: PAGE_SIZE, after: next }, listed.value)
    },
  }
}
