import { useEffect, useState } from 'preact/hooks'
import { type MessageId, t } from '../i18n/i18n'
import { allowed, askAllowed, user } from '../session/session'
import { Who } from '../session/who'
import { Button } from '../ui/button'
import { Choice } from '../ui/choice'
import { Word } from '../ui/word'
import { describeLimits } from './accepted'
import { toFailure } from './failure'
import { chooseRule, chooseWay, chosenRule, chosenWay, offeredWays, uploadRules } from './settings'
import type { Way } from './way'

const WIDE = '(min-width: 54rem)'

const ABOUT: Readonly<Record<Way, MessageId>> = {
  auto: 'how.auto.about',
  form: 'how.form.about',
  parts: 'how.parts.about',
  put: 'how.put.about',
  sts: 'how.sts.about',
}

/** Shows who uploads, what for and how, and lets the user choose among what he may use; folded where there is little room. */
export function SettingsCard() {
  const isWide = useWide()
  const rule = chosenRule.value?.name ?? '–'
  const values = { user: user.value.sub, rule, way: t(`how.${chosenWay.value}`) }
  const groups = (
    <>
      <Who />
      <WhatFor />
      <How />
    </>
  )
  if (isWide) {
    return (
      <aside class="card settings" aria-label={t('settings')}>
        {groups}
      </aside>
    )
  }
  return (
    <aside class="card settings" aria-label={t('settings')}>
      <details>
        <summary>
          <span class="hidden">{t('settings')}: </span>
          {t('settings.summary', values)}
        </summary>
        {groups}
      </details>
    </aside>
  )
}

function WhatFor() {
  return (
    <fieldset>
      <legend>
        <Word explained="what.about">{t('what')}</Word>
      </legend>
      <WhatForChoices />
    </fieldset>
  )
}

function WhatForChoices() {
  const { value } = allowed
  if (value.kind === 'loading') return <p class="note">{t('what.loading')}…</p>
  if (value.kind === 'failed') {
    const { title, values } = toFailure(value.error)
    return (
      <div class="note">
        <p role="alert">{t('what.failed', { reason: t(title, values) })}</p>
        <Button onClick={() => void askAllowed()}>{t('what.reload')}</Button>
      </div>
    )
  }
  if (uploadRules.value.length === 0) return <p class="note">{t('what.none')}</p>
  return (
    <div class="choices">
      {uploadRules.value.map((rule) => (
        <Choice
          key={rule.name}
          group="rule"
          label={rule.name}
          note={describeLimits(rule)}
          isChosen={rule === chosenRule.value}
          onChoose={() => chooseRule(rule.name)}
        />
      ))}
    </div>
  )
}

function How() {
  const ways = offeredWays.value
  if (ways.length === 0) return null
  return (
    <fieldset>
      <legend>{t('how')}</legend>
      <div class="choices">
        {ways.map((way) => (
          <Choice
            key={way}
            group="way"
            label={t(`how.${way}`)}
            explained={ABOUT[way]}
            isChosen={way === chosenWay.value}
            onChoose={() => chooseWay(way)}
          />
        ))}
      </div>
    </fieldset>
  )
}

function useWide(): boolean {
  const [isWide, setWide] = useState(() => matchMedia(WIDE).matches)
  useEffect(() => {
    const query = matchMedia(WIDE)
    const follow = () => setWide(query.matches)
    query.addEventListener('change', follow)
    return () => query.removeEventListener('change', follow)
  }, [])
  return isWide
}
