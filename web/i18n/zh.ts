import type { en } from './en'
import { failures } from './zh/failures'
import { files } from './zh/files'
import { inspector } from './zh/inspector'
import { shell } from './zh/shell'
import { upload } from './zh/upload'

/** Every sentence of the page in Chinese. */
export const zh: Record<keyof typeof en, string> = {
  ...shell,
  ...upload,
  ...failures,
  ...files,
  ...inspector,
}
