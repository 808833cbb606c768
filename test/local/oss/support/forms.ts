import { BUCKET } from './cloud'
import type { FormDraft } from './sign'

/** The file of most forms in tests. */
export const FILE = { content: 'hello', filename: 'h.txt', type: 'text/plain' }

/** The input of most forms in tests. */
export const DRAFT: FormDraft = {
  fields: [['key', 'in/a']],
  conditions: [{ bucket: BUCKET }, ['eq', '$key', 'in/a'], ['content-length-range', 1, 10]],
}
