import { useSignal, useSignalEffect } from '@preact/signals'
import { useEffect } from 'preact/hooks'
import type { OssDirect, RuleDescription } from '../../client'
import { t } from '../i18n/i18n'
import { allowed, askAllowed, client, user } from '../session/session'
import { Button } from '../ui/button'
import { chosenRule } from '../upload/settings'
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

function UserFiles({ oss }: { oss: OssDirect }) {
  const known = allowed.value
  if (known.kind === 'loading') return <p class="note files-waiting">{t('files.loading')}</p>
  if (known.kind === 'known') return <Rules oss={oss} rules={known.rules} />
  return (
    <Message icon="alert" title={t('files.failed')} text={sentenceOf(known.error)}>
      <Button icon="retry" onClick={() => askAllowed()}>
        {t('files.tryAgain')}
      </Button>
    </Message>
  )
}

function Rules({ oss, rules }: { oss: OssDirect; rules: readonly RuleDescription[] }) {
  const listed = rules.filter(({ list }) => list)
  const chosen = useSignal(listed[0]?.name ?? '')
  // The files of what is chosen for uploads are at hand, until others are chosen here.
  useSignalEffect(() => {
    const name = chosenRule.value?.name
    if (name && listed.some((each) => each.name === name)) chosen.value = name
  })
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
