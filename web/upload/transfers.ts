import { signal } from '@preact/signals'
import type { Transfer } from './transfer'

/** The files that were given to the page, in that order. */
export const transfers = signal<readonly Transfer[]>([])

/** The transfer that the inspector shows. */
export const selected = signal<Transfer | undefined>(undefined)

/** Uploads these files as the user chose: each with its path, which is its name where it has no folder. */
export function addFiles(_files: readonly { file: File; path: string }[]): void {}

/** Where a stored file is replaced: `path` is its folder, '' for the top one. */
export interface ReplacedFile {
  rule: string
  filename: string
  path: string
}

/** Uploads a file in the place of a stored one. */
export function replaceFile(_file: File, _stored: ReplacedFile): void {}
