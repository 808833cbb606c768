import type { files as en } from '../en/files'

/** The messages of this part of the page, in Chinese. */
export const files: Record<keyof typeof en, string> = {}
