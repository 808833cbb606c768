import type { StoredFile } from '../../client'
import type { FileProps } from './file-props'
import { lookAt } from './look'

type LinkInput = Pick<FileProps, 'oss' | 'rule' | 'file' | 'note'>

/** Copies a signed link of a file and says how long it is good; shows it where it can't be copied. */
export async function copyLink({ oss, rule, file, note }: LinkInput): Promise<void> {
  note.value = undefined
  try {
    const { url, expiresAt } = await oss.download(file.key, {
      rule: rule.name,
      downloadName: baseName(file),
    })
    if ((await lookAt(url)) === 'gone') {
      note.value = { kind: 'gone' }
      return
    }
    const isCopied = await copy(url)
    const seconds = rule.download?.ttlSeconds ?? 0
    note.value = { kind: 'link', expiresAt, seconds, ...(!isCopied && { url }) }
  } catch (error) {
    note.value = { kind: 'failed', error }
  }
}

/** Saves a file under its own name; says so where it is gone, instead of showing what OSS says. */
export async function download({ oss, rule, file, note }: LinkInput): Promise<void> {
  note.value = undefined
  try {
    const { url } = await oss.download(file.key, {
      rule: rule.name,
      as: 'attachment',
      downloadName: baseName(file),
    })
    const found = await lookAt(url)
    if (found === 'there') save(url)
    else note.value = { kind: found === 'gone' ? 'gone' : 'no-answer' }
  } catch (error) {
    note.value = { kind: 'failed', error }
  }
}

function baseName({ name }: StoredFile): string {
  return name.slice(name.lastIndexOf('/') + 1)
}

async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    // The browser has no clipboard for this page, or the user refused it.
    return false
  }
}

function save(url: string): void {
  const link = document.createElement('a')
  link.href = url
  link.rel = 'noreferrer'
  link.download = ''
  link.click()
}
