import { OssDirectError } from '../../client'
import { type MessageId, t } from '../i18n/i18n'

const SENTENCES: Readonly<Record<string, MessageId>> = {
  network: 'files.failed.network',
  stalled: 'files.failed.network',
  token_unavailable: 'files.failed.network',
  unavailable: 'files.failed.unavailable',
  internal: 'files.failed.unavailable',
  not_allowed: 'files.failed.notAllowed',
  rule_not_found: 'files.failed.notAllowed',
  invalid_token: 'files.failed.token',
  too_many_requests: 'files.failed.tooMany',
  not_found: 'files.gone',
}

/** Returns the sentence for a request about stored files that failed, in the language that is shown. */
export function sentenceOf(error: unknown): string {
  const code = error instanceof OssDirectError ? error.code : 'unexpected'
  const id = Object.hasOwn(SENTENCES, code) ? SENTENCES[code] : undefined
  return id ? t(id) : t('files.failed.other', { code })
}
