import { type Budget, withTimeout } from '../budget'
import type { Log } from '../log'
import type { Rule } from '../rules/rule'
import type { Upload } from '../rules/upload'

const RESPOND_MS = 300
const MAX_ANSWER_BYTES = 65_536

/**
 * Returns the response to the uploader as JSON: our members, and those that the rule's `respond` adds; it can't replace
 * ours.
 */
export async function toUploaderAnswer(
  { upload, rule }: { upload: Upload; rule: Rule },
  context: { budget: Budget; log: Log; requestId: string },
): Promise<string> {
  const { key, size, etag, contentType } = upload
  const own = { status: 'ok', key, size, etag, contentType }
  const plain = JSON.stringify(own)
  const respond = rule.upload?.respond
  if (!respond) return plain
  const { budget, log, requestId } = context
  try {
    const work = Promise.resolve(upload).then(respond)
    const added = await withTimeout(budget.share(RESPOND_MS), work)
    const text = JSON.stringify({ ...added, ...own })
    if (Buffer.byteLength(text) > MAX_ANSWER_BYTES)
      throw new Error('The response is longer than 64 KB')
    return text
  } catch (error) {
    // The upload is proven; an error in the rule must not change that.
    log('error', 'respond failed', { requestId, rule: upload.rule, cause: String(error) })
    return plain
  }
}
