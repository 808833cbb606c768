import { compareUtf8, firstAfter } from '../store/sorted-keys'

/** A list request: names after `after`, those with `delimiter` after the prefix folded into one. */
export type ListQuery = { prefix: string; delimiter: string; after: string; max: number }

/** A page: names and folded prefixes in one order, and the marker of the next page. */
export type Page = {
  entries: ({ key: string } | { prefix: string })[]
  isTruncated: boolean
  next: string
}

/** Returns one page of a sorted list of names. */
export function listPage(names: readonly string[], query: ListQuery): Page {
  const entries: Page['entries'] = []
  let last = query.after
  for (let i = startOf(names, query); i < names.length; ) {
    const name = names[i] ?? ''
    if (!name.startsWith(query.prefix)) break
    const folded = foldedPrefix(name, query)
    const shown = folded ?? name
    if (folded === undefined || compareUtf8(folded, query.after) > 0) {
      if (entries.length === query.max) return { entries, isTruncated: true, next: last }
      entries.push(folded === undefined ? { key: name } : { prefix: folded })
      last = shown
    }
    i = folded === undefined ? i + 1 : skip(names, i, folded)
  }
  return { entries, isTruncated: false, next: '' }
}

function startOf(names: readonly string[], { prefix, after }: ListQuery): number {
  const atPrefix = firstAfter(names, prefix, { inclusive: true })
  return after === ''
    ? atPrefix
    : Math.max(atPrefix, firstAfter(names, after, { inclusive: false }))
}

function foldedPrefix(name: string, { prefix, delimiter }: ListQuery): string | undefined {
  if (delimiter === '') return undefined
  const at = name.indexOf(delimiter, prefix.length)
  return at < 0 ? undefined : name.slice(0, at + delimiter.length)
}

function skip(names: readonly string[], from: number, folded: string): number {
  let [low, high] = [from + 1, names.length]
  while (low < high) {
    const middle = (low + high) >>> 1
    if (names[middle]?.startsWith(folded)) low = middle + 1
    else high = middle
  }
  return low
}
