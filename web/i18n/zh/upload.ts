import type { upload as en } from '../en/upload'

/** The messages of this part of the page, in Chinese. */
export const upload: Record<keyof typeof en, string> = {}
