import { type MessageId, t } from '../../i18n/i18n'
import { maskText } from '../decode'
import { callbackOf } from '../timeline'
import type { Known } from '../watch'
import { Code, indent } from './code'

/** Shows the callback as OSS sent it. */
export function CalledBack({ known }: { known: Known }) {
  const callback = callbackOf(known)
  if (!callback) return <p>{t('inspector.called.none')}</p>
  const { url, headers, body } = callback
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return (
    <>
      <p>{t('inspector.called.text')}</p>
      <Code title={t('inspector.called.headers')}>{[`POST ${url}`, ...lines].join('\n')}</Code>
      <Code title={t('inspector.called.body')}>{indent(maskText(body))}</Code>
    </>
  )
}

const OUTCOMES = {
  passed: 'inspector.checked.passed',
  failed: 'inspector.checked.wrong',
  unknown: 'inspector.checked.unknown',
} as const satisfies Record<string, MessageId>

/** Shows each check of the callback and what came of it. */
export function Checked({ known }: { known: Known }) {
  return (
    <>
      <p>{t('inspector.checked.text')}</p>
      <ol class="checks">
        {callbackOf(known)?.checks.map(({ name, outcome }) => (
          <li key={name} class={outcome}>
            <span>{t(`inspector.check.${name}` as MessageId)}</span>
            <b>{t(OUTCOMES[outcome])}</b>
          </li>
        ))}
      </ol>
    </>
  )
}

/** Shows the event that the application got. */
export function Event({ known: { event } }: { known: Known }) {
  return (
    <>
      <p>{event ? t('inspector.event.text') : t('inspector.event.none')}</p>
      {event && <Code>{JSON.stringify(event.event, null, 2)}</Code>}
    </>
  )
}
