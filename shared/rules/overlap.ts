import { opensNames } from './rights'
import type { Rule } from './rule'

/** Returns true if both rules can reach the same object, for any callers. */
export function doOverlap(one: Rule, other: Rule): boolean {
  if (one.bucket !== other.bucket && one.bucket !== undefined && other.bucket !== undefined) {
    return false
  }
  const [a, b] = [toReach(one), toReach(other)]
  const common = Math.min(a.folders.length, b.folders.length)
  const isApart = a.folders
    .slice(0, common)
    .some((folder, index) => areApart(folder, b.folders[index] ?? ''))
  return !isApart && fitLengths(a, b)
}

/** Returns true if both rules assign every common object to the same caller, or both to all callers. */
export function agreeOnCaller(one: Rule, other: Rule): boolean {
  const [a, b] = [toCallerFolders(one), toCallerFolders(other)]
  return a.some((index) => b.includes(index)) || a.length + b.length === 0
}

function toCallerFolders({ template }: Rule): number[] {
  return template.text.split('/').flatMap((folder, index) => (folder === '{sub}' ? [index] : []))
}

function fitLengths(a: Reach, b: Reach): boolean {
  const [open, other] = a.isOpen ? [a, b] : [b, a]
  if (!open.isOpen) return open.folders.length === other.folders.length
  return other.isOpen || other.folders.length > open.folders.length
}

type Reach = {
  /** The parts of a key between its slashes. */
  folders: string[]
  /** True if any folders may follow. */
  isOpen: boolean
}

// STS credentials, and forms whose client names the object, reach everything below the prefix, not only keys of the
// template; a listing reaches the whole folder.
function toReach(rule: Rule): Reach {
  const { template, upload, download, list } = rule
  const lendsSts = upload?.mechanisms.includes('sts') || download?.mechanisms.includes('sts')
  const folder = list ? template.ownText : (lendsSts || opensNames(rule)) && template.prefixText
  const text = folder ? `${folder}{path}` : template.text
  const isOpen = text.endsWith('{path}')
  return { folders: text.replace(/\/\{path\}$/, '').split('/'), isOpen }
}

// A placeholder can have any value.
function areApart(one: string, other: string): boolean {
  return !one.includes('{') && !other.includes('{') && one !== other
}
