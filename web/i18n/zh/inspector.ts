import type { inspector as en } from '../en/inspector'

/** The messages of this part of the page, in Chinese. */
export const inspector: Record<keyof typeof en, string> = {}
