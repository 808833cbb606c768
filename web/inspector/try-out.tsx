import { useState } from 'preact/hooks'
import { type MessageId, t } from '../i18n/i18n'
import { Button } from '../ui/button'
import type { RealWay } from './story'
import { tryOut } from './trials/run'
import { OTHER_USER, type TrialName, type TrialResult } from './trials/trial'
import type { Known } from './watch'

// With credentials no size is checked before the file is stored, and the largest allowed one is too large to try.
const TRIALS = {
  put: ['type', 'size', 'key', 'user'],
  form: ['type', 'size', 'key', 'user'],
  parts: ['type', 'size', 'key', 'user'],
  sts: ['type', 'key', 'user'],
} as const satisfies Record<RealWay, readonly TrialName[]>

interface Shown {
  name: TrialName
  result: TrialResult | undefined
}

/** Shows buttons that try the upload with one thing changed, and what came of it. */
export function TryOut({ known }: { known: Known }) {
  const { transfer, story } = known
  const [shown, show] = useState<Shown | undefined>(undefined)
  const key = transfer.uploaded.value?.key ?? story.key
  if (!key) return null
  const { way } = story
  const isBusy = shown !== undefined && !shown.result
  const run = async (name: TrialName) => {
    show({ name, result: undefined })
    const nobody: TrialResult = { by: 'nobody', status: 0, code: '' }
    const result = await tryOut(name, { transfer, way, key }).catch(() => nobody)
    show({ name, result })
  }
  return (
    <section class="try-out" aria-labelledby="try-out-title">
      <h3 id="try-out-title">{t('inspector.try')}</h3>
      <p>{t('inspector.try.text')}</p>
      <div class="buttons">
        {TRIALS[way].map((name) => (
          <Button key={name} isOff={isBusy} onClick={() => void run(name)}>
            {t(`inspector.try.${name}` satisfies MessageId)}
          </Button>
        ))}
      </div>
      <div class="trial" role="status">
        {isBusy && <p>{t('inspector.try.busy')}</p>}
        {shown?.result && <Result name={shown.name} result={shown.result} way={way} />}
      </div>
    </section>
  )
}

interface ResultProps {
  name: TrialName
  result: TrialResult
  way: RealWay
}

function Result({ name, result, way }: ResultProps) {
  const { by, status, code } = result
  if (by === 'nobody') return <p>{t('inspector.try.none')}</p>
  const who = t(by === 'oss' ? 'inspector.try.oss' : 'inspector.try.functions')
  return (
    <>
      <p class={status === 200 ? 'went' : 'refused'}>
        <b>{t(`inspector.try.${name}` satisfies MessageId)}.</b>{' '}
        {t('inspector.try.answer', { who, status: String(status), code })}
      </p>
      <p>{sentenceOf(name, result, way)}</p>
    </>
  )
}

/** Says why a trial ended as it did. */
function sentenceOf(name: TrialName, result: TrialResult, way: RealWay): string {
  const { key, status } = result
  if (name === 'user') return sayUser(result)
  if (key !== undefined && status < 300) return t('inspector.try.through', { key })
  return t(`inspector.try.${name}.${way}` as MessageId)
}

function sayUser({ key, status }: TrialResult): string {
  const user = OTHER_USER
  if (status !== 200) return t('inspector.try.user.refused', { user })
  const isOwn = key?.split('/').includes(user)
  return isOwn
    ? t('inspector.try.user.own', { user, key: key ?? '' })
    : t('inspector.try.open', { user })
}
