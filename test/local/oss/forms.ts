import { BUCKET } from './cloud'
import type { FormDraft } from './sign'

/** The file that most forms in tests post. */
export const FILE = { content: 'hello', filename: 'h.txt', type: 'text/plain' }

/** What most forms in tests are signed for. */
export const DRAFT: FormDraft = {
  fields: [['key', 'in/a']],
  conditions: [{ bucket: BUCKET }, ['eq', '$key', 'in/a'], ['content-length-range', 1, 10]],
}
