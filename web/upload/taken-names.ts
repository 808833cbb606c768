import type { OssDirect } from '../../client'
import type { UploadRule } from './way'

const MOST_PAGES = 10
const KEPT_MS = 5000

/** What has the name of a file that is to be uploaded. */
export interface TakenName {
  /** Whether the rule lets the new file replace it. */
  isReplaceable: boolean
  /** What is stored there; absent where another file of this page goes there. */
  stored?: { size: number; lastModified: number }
}

type Folder = ReadonlyMap<string, NonNullable<TakenName['stored']>>

const folders = new Map<string, { loadedAt: number; folder: Promise<Folder> }>()

/** Finds what is stored under a path by this rule, where the rule lists; `undefined` where nothing is, or nobody can say. */
export async function findStored(
  { client, sub, rule }: { client: OssDirect; sub: string; rule: UploadRule },
  path: string,
): Promise<TakenName['stored']> {
  if (!rule.list) return undefined
  const { folder, name } = splitPath(path)
  const key = JSON.stringify([sub, rule.name, folder])
  const kept = folders.get(key)
  const isFresh = kept && kept.loadedAt > performance.now() - KEPT_MS
  const loading = isFresh ? kept.folder : loadFolder(client, rule.name, folder)
  if (!isFresh) folders.set(key, { loadedAt: performance.now(), folder: loading })
  return (await loading).get(name)
}

/** Forgets what was listed, since something new is stored. */
export function forgetListed(): void {
  folders.clear()
}

/** Splits a path into its folder, '' for none, and its name. */
export function splitPath(path: string): { folder: string; name: string } {
  const slash = path.lastIndexOf('/')
  return { folder: path.slice(0, Math.max(0, slash)), name: path.slice(slash + 1) }
}

/** Returns a path beside another one: "a/b (2).pdf" for "a/b.pdf". */
export function pathBeside(path: string, count: number): string {
  const { folder, name } = splitPath(path)
  const [, stem = name, extension = ''] = /^(.+?)((?:\.tar)?\.[^.]+)$/.exec(name) ?? []
  return `${folder && `${folder}/`}${stem} (${count})${extension}`
}

async function loadFolder(client: OssDirect, rule: string, path: string): Promise<Folder> {
  const stored = new Map<string, NonNullable<TakenName['stored']>>()
  try {
    let pages = 0
    for await (const { files } of client.pages(rule, { limit: 1000, ...(path && { path }) })) {
      for (const { name, size, lastModified } of files) {
        stored.set(name, { size, lastModified: Date.parse(lastModified) })
      }
      if (++pages === MOST_PAGES) break
    }
  } catch {
    // Who can't list learns it from OSS, which refuses where the rule does not replace.
  }
  return stored
}
