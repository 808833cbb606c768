import { failures } from './en/failures'
import { files } from './en/files'
import { inspector } from './en/inspector'
import { shell } from './en/shell'
import { upload } from './en/upload'

/** Every sentence of the page in English, as ICU messages; the other languages have the same names. */
export const en = { ...shell, ...upload, ...failures, ...files, ...inspector }
