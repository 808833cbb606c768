import type { Limit } from '../../../../shared/rules/enforcement'
import type { DownloadCase, Limits, UploadCase } from './cases'

/**
 * The rule read by someone who knows nothing of policies and signatures. It shares no code with
 * what it judges.
 */

/** What a request does against the rule: a limit, or something no mechanism may ever let pass. */
export type Violation = Limit | 'reach'

/** Whether the rule is for this caller. */
export function isCallerFit({ onlyPro }: Limits, isPro: boolean): boolean {
  return onlyPro === 'no' || isPro
}

/** Whether the rule allows this type. */
export function isTypeFit({ contentTypes }: Limits, type: string): boolean {
  if (contentTypes === undefined) return true
  return contentTypes.some((allowed) => {
    if (allowed === '*/*') return true
    if (allowed === 'image/*') return type.startsWith('image/')
    return allowed === type
  })
}

/** Whether the rule allows this size. */
export function isSizeFit({ minBytes = 0, maxBytes = 1000 }: Limits, size: number): boolean {
  return size >= minBytes && size <= maxBytes
}

/** Whether the caller may have what the upload asks for. */
export function mayAskUpload(one: UploadCase): boolean {
  const { limits, by } = one
  if (!limits.mechanisms.includes(by) || !isCallerFit(limits, one.isPro)) return false
  if (by === 'sts') return true
  if (one.filename === '../x.png') return false
  if (one.filename === 'no' && limits.key === 'named') return false
  if (!isTypeFit(limits, one.contentType)) return false
  for (const [name, value] of Object.entries(one.metadata ?? {})) {
    if (limits.metadata === undefined || name !== 'title' || value.length > 3) return false
  }
  if (one.contentLength !== undefined) {
    if (!isSizeFit(limits, one.contentLength)) return false
  } else if (by === 'url') {
    if (limits.maxBytes !== undefined || (limits.minBytes ?? 0) > 0) return false
  }
  return !(by === 'url' && limits.contentMd5 === 'required' && !one.promisesMd5)
}

/** The size of the file that the caller speaks of. */
export function promisedSizeOf({ contentLength, limits }: UploadCase): number {
  return contentLength ?? limits.minBytes ?? 2
}

/** The size of the file that is sent in the end. */
export function sizeOf(one: UploadCase): number {
  return one.stray.bytes ?? promisedSizeOf(one)
}

/** Whether the size is the one that the caller named, where a ticket says which. */
export function isSizeAsNamed(one: UploadCase): boolean {
  return one.by === 'sts' || one.contentLength === undefined || one.contentLength === sizeOf(one)
}

/** Whether OSS calls back after what is sent in the end. */
export function isReported({ by, limits, stray }: UploadCase): boolean {
  return !stray.noCallback && !(by === 'form' && limits.unreported)
}

/** Whether nothing is served with the object that its rule does not speak of: no signature covers that. */
export function isServedAsRuled({ stray, limits }: UploadCase): boolean {
  return stray.cacheControl === undefined || limits.cacheControl !== undefined
}

/** What is wrong with what is sent in the end, `exists` being whether something is there already. */
export function violationsOfUpload(one: UploadCase, exists: boolean): Violation[] {
  const { limits, by, stray } = one
  const found: Violation[] = []
  // Who may write may neither read nor delete. A form can only post.
  if (stray.verb !== undefined && by !== 'form') return ['reach']
  if (stray.place === 'foreign' || stray.place === 'outside') found.push('reach')
  if (stray.place === 'sibling') {
    if (by !== 'sts') found.push('reach')
    else if (limits.key === 'named' || limits.key === 'deep') found.push('key')
  }
  if (stray.query && by === 'url') found.push('reach')
  const size = sizeOf(one)
  if (!isSizeFit(limits, size)) found.push('size')
  if (by !== 'sts' && one.contentLength !== undefined && one.contentLength !== size)
    found.push('size')
  const type = stray.contentType ?? one.contentType
  if (by === 'sts' ? !isTypeFit(limits, type) : type !== one.contentType) found.push('contentType')
  if (limits.contentMd5 === 'required' && by !== 'url') found.push('contentMd5')
  const isOther = size !== promisedSizeOf(one) || (stray.corrupt && size > 0)
  if (by === 'url' && one.promisesMd5 && isOther) found.push('contentMd5')
  if (exists && !limits.overwrite) found.push('overwrite')
  found.push(...violationsOfStored(one))
  if (stray.noCallback) found.push('callback')
  return found
}

function violationsOfStored({ limits, by, stray }: UploadCase): Violation[] {
  const found: Violation[] = []
  const acl = limits.acl ?? 'private'
  if (by !== 'sts') {
    if (stray.acl !== undefined && stray.acl !== 'none' && stray.acl !== acl) found.push('acl')
    if (stray.storageClass !== undefined) found.push('headers')
    if (stray.cacheControl !== undefined && limits.cacheControl !== undefined) found.push('headers')
  } else {
    // No ACL at all is the bucket's own. Any other than the rule's is refused however little the rule asks for.
    const isNone = stray.acl === 'none' || (stray.acl === undefined && !limits.needsAcl)
    if (isNone && limits.needsAcl && acl !== 'default') found.push('acl')
    if (!isNone && stray.acl !== undefined && stray.acl !== acl) found.push('reach')
    // The credentials leave both to the uploader; our callback sees what is stored.
    const isClassFit = (stray.storageClass ?? 'Standard') === (limits.storageClass ?? 'Standard')
    if (!isClassFit || stray.cacheControl !== limits.cacheControl) found.push('headers')
  }
  if (stray.metadata) found.push('metadata')
  return found
}

/** Whether the caller may have what the download asks for. */
export function mayAskDownload({ limits, isPro, by, place, as }: DownloadCase): boolean {
  if (!isCallerFit(limits, isPro)) return false
  if (by === 'sts') return limits.mechanisms.includes('sts')
  if (place !== 'own') return false
  return as === undefined || limits.as === undefined || as === limits.as
}

/** What is wrong with what is sent in the end. */
export function violationsOfDownload(one: DownloadCase): Violation[] {
  const { limits, by, stray, place } = one
  const found: Violation[] = []
  if (by === 'sts' && stray.list !== undefined) {
    return limits.list && stray.list === 'own' ? [] : ['reach']
  }
  if (stray.verb !== undefined) found.push('reach')
  if (stray.place !== undefined || place !== 'own') found.push('reach')
  if (by === 'url' && stray.query) found.push('reach')
  if (by === 'sts' && limits.as !== undefined) found.push('as')
  return found
}

/** How a browser is to take what it is given. */
export function dispositionOf({ limits, as }: DownloadCase): 'inline' | 'attachment' {
  // A file that may be a script is never shown.
  const mayBeScript =
    limits.mechanisms.includes('sts') || !limits.contentTypes?.includes('image/png')
  return mayBeScript ? 'attachment' : (limits.as ?? as ?? 'inline')
}
