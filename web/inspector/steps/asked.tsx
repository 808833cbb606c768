import type { SendRequest } from '../../../client'
import { t } from '../../i18n/i18n'
import { maskText } from '../decode'
import type { Known } from '../watch'
import { Code, indent } from './code'

/** Shows what the page asked the functions. */
export function Asked({ known: { story, transfer } }: { known: Known }) {
  const request = story.asks[0]?.request
  return (
    <>
      <p>{t('inspector.asked.text')}</p>
      <Code title={t('inspector.asked.request')}>
        {request
          ? toText(request)
          : `POST /sts\nauthorization: Bearer …\n\n${JSON.stringify({ rule: transfer.rule, access: 'write' }, null, 2)}`}
      </Code>
    </>
  )
}

function toText({ method, url, headers, body }: SendRequest): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${maskText(value)}`)
  const content = typeof body === 'string' ? indent(maskText(body)) : ''
  return [`${method} ${new URL(url).pathname}`, ...lines, '', content].join('\n')
}
