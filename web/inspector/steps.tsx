import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'
import { type MessageId, t } from '../i18n/i18n'
import { Asked } from './steps/asked'
import { CalledBack, Checked, Event } from './steps/called-back'
import { Decided } from './steps/decided'
import { Sent } from './steps/sent'
import { Signed } from './steps/signed'
import { type Moment, toMoments } from './timeline'
import type { Known } from './watch'

const DETAILS = {
  asked: (known: Known) => <Asked known={known} />,
  decided: (known: Known) => <Decided known={known} />,
  signed: (known: Known) => <Signed known={known} />,
  sent: (known: Known) => <Sent known={known} />,
  called: (known: Known) => <CalledBack known={known} />,
  checked: (known: Known) => <Checked known={known} />,
  event: (known: Known) => <Event known={known} />,
} as const satisfies Record<Moment['name'], (known: Known) => ComponentChildren>

/** Shows the steps of a transfer in their order, each with its time, and each to be opened. */
export function Steps({ known }: { known: Known }) {
  return (
    <ol class="steps">
      {toMoments(known).map((moment) => (
        <li key={moment.name} class={`step ${moment.outcome}`}>
          <Step moment={moment} known={known} />
        </li>
      ))}
    </ol>
  )
}

function Step({ moment: { name, summary, afterMs, outcome }, known }: StepProps) {
  const [isOpen, setOpen] = useState(false)
  const title = t(`inspector.${name}` satisfies MessageId)
  if (outcome === 'waiting') {
    return (
      <p class="step-head">
        <b>{title}</b> <span>{t('inspector.waiting')}</span>
      </p>
    )
  }
  return (
    <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
      <summary class="step-head">
        <b>{title}</b> <span>{summary}</span>
        {afterMs !== undefined && <time>{t('inspector.time', { ms: afterMs })}</time>}
      </summary>
      {isOpen && <div class="step-body">{DETAILS[name](known)}</div>}
    </details>
  )
}

interface StepProps {
  moment: Moment
  known: Known
}
