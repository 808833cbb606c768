import { t } from '../../i18n/i18n'
import { maskText } from '../decode'
import type { Known } from '../watch'
import { Code, indent } from './code'

/** Shows what OSS answered to each request. */
export function Sent({ known: { story, seen } }: { known: Known }) {
  const lines = story.sends.map(({ request: { method, url }, response }) => {
    const id = response?.headers['x-oss-request-id'] ?? ''
    return `${method} ${decodeURIComponent(new URL(url).pathname)} → ${response?.status ?? '…'} ${id}`
  })
  const others = seen.map(
    ({ operation, status, requestId }) => `${operation} → ${status} ${requestId}`,
  )
  const last = story.sends.at(-1)?.response?.text
  return (
    <>
      <p>{t('inspector.sent.text')}</p>
      <Code>{(lines.length > 0 ? lines : others).join('\n')}</Code>
      {last && <Code title={t('inspector.asked.answer')}>{indent(maskText(last))}</Code>}
    </>
  )
}
