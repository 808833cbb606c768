import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OssDirect, RuleDescription } from '../../client'
import { t } from '../i18n/i18n'
import { client, user } from '../session/session'
import { Button } from '../ui/button'
import { sentenceOf } from './failure'
import { FolderView } from './folder-view'
import { Message } from './message'
import { keepAll } from './removals'

/** The files of the user who is signed in, as OSS has them. */
export function FilesPanel() {
  useEffect(() => {
    addEventListener('pagehide', keepAll)
    return () => removeEventListener('pagehide', keepAll)
  }, [])
  return (
    <section class="files-panel" aria-labelledby="files-title">
      <h2 id="files-title" tabIndex={-1}>
        {t('files.title', { sub: user.value.sub })}
      </h2>
      <UserFiles key={user.value.sub} oss={client.value} />
    </section>
  )
}

type Known = { rules: readonly RuleDescription[] } | { error: unknown } | undefined

function UserFiles({ oss }: { oss: OssDirect }) {
  const known = useSignal<Known>(undefined)
  const ask = useSignal(0)
  useSignalEffect(() => {
    const own = ask.value
    const take = (answer: Known) => {
      if (own === ask.peek()) known.value = answer
    }
    oss.rules().then(
      (rules) => take({ rules }),
      (error: unknown) => take({ error }),
    )
  })
  const found = known.value
  if (!found) return <Waiting />
  if ('rules' in found) return <Rules oss={oss} rules={found.rules} />
  return (
    <Message icon="alert" title={t('files.failed')} text={sentenceOf(found.error)}>
      <Button icon="retry" onClick={() => ask.value++}>
        {t('files.tryAgain')}
      </Button>
    </Message>
  )
}

function Rules({ oss, rules }: { oss: OssDirect; rules: readonly RuleDescription[] }) {
  const listed = rules.filter(({ list }) => list)
  const chosen = useSignal(listed[0]?.name ?? '')
  const rule = listed.find(({ name }) => name === chosen.value)
  const unlisted = rules.filter(({ list, upload }) => upload && !list).map(({ name }) => name)
  return (
    <>
      {listed.length > 1 && (
        <fieldset class="files-rules">
          <legend class="hidden">{t('files.rules')}</legend>
          {listed.map(({ name }) => (
            <label key={name}>
              <input
                type="radio"
                name="files-rule"
                checked={name === chosen.value}
                onChange={() => {
                  chosen.value = name
                }}
              />
              <bdi>{name}</bdi>
            </label>
          ))}
        </fieldset>
      )}
      {rule ? (
        <FolderView key={rule.name} oss={oss} rule={rule} />
      ) : (
        <Message icon="folder" title={t('files.noList')} text={t('files.noListHint')} />
      )}
      {rule && unlisted.length > 0 && (
        <p class="note">
          {t('files.unlisted', { count: unlisted.length, rules: unlisted.join(', ') })}
        </p>
      )}
    </>
  )
}

function Waiting() {
  return <p class="note files-waiting">{t('files.loading')}</p>
}
