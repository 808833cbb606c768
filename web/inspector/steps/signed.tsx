import { Fragment } from 'preact'
import { useState } from 'preact/hooks'
import type { SendRequest } from '../../../client'
import { type MessageId, t } from '../../i18n/i18n'
import { meaningOf, piecesOf } from '../pieces'
import { conditionOf, groupConditions, policyOf, sentenceOf, toJson } from '../policy'
import type { RealWay } from '../story'
import { prefixOf } from '../timeline'
import type { Known } from '../watch'
import { Stages } from './stages'

const TEXTS = {
  put: 'inspector.signed.put.text',
  form: 'inspector.signed.form.text',
  parts: 'inspector.signed.parts.text',
  sts: 'inspector.signed.sts.text',
} as const satisfies Record<RealWay, MessageId>

/** Shows what was signed, what each part of it binds, and how the signature is made. */
export function Signed({ known }: { known: Known }) {
  const { story, seen } = known
  const [chosen, choose] = useState<number | undefined>(undefined)
  const count = story.way === 'sts' ? seen.length : story.sends.length
  const at = Math.min(chosen ?? count - 1, count - 1)
  const send = story.sends[at]
  const id = send?.response?.headers['x-oss-request-id']
  const inspected = send ? seen.find(({ requestId }) => requestId === id) : seen[at]
  return (
    <>
      <p>{t(TEXTS[story.way])}</p>
      {count > 1 && <Choice known={known} at={at} choose={choose} />}
      {send?.request.fields && <Policy fields={send.request.fields} known={known} />}
      {send && <Pieces request={send.request} known={known} />}
      {!send && <Limits known={known} />}
      {inspected?.signature && <Stages stages={inspected.signature} />}
    </>
  )
}

interface ChoiceProps {
  known: Known
  at: number
  choose: (at: number) => void
}

// With thousands of parts the first ones and the last will do.
const MOST = 50

function Choice({ known: { story, seen }, at, choose }: ChoiceProps) {
  const names =
    story.way === 'sts'
      ? seen.map(({ method, operation }) => ({ method, what: operation }))
      : story.sends.map(({ request }) => ({ method: request.method, what: whatOf(request) }))
  return (
    <label class="which-request">
      <span>{t('inspector.request')}</span>
      <select value={at} onChange={({ currentTarget }) => choose(Number(currentTarget.value))}>
        {names.map((name, index) =>
          index < MOST || index === names.length - 1 ? (
            <option key={`${index}`} value={index}>
              {t('inspector.request.name', { at: index + 1, ...name })}
            </option>
          ) : null,
        )}
      </select>
    </label>
  )
}

function whatOf({ url }: SendRequest): string {
  const { searchParams } = new URL(url)
  const part = searchParams.get('partNumber')
  if (part) return t('inspector.request.part', { part })
  if (searchParams.has('uploads')) return t('inspector.request.begin')
  return t(searchParams.has('uploadId') ? 'inspector.request.complete' : 'inspector.request.file')
}

const BY = {
  oss: 'inspector.by.oss',
  callback: 'inspector.by.callback',
  nobody: 'inspector.by.nobody',
} as const satisfies Record<string, MessageId>
type By = keyof typeof BY

function By({ by }: { by: By }) {
  return <b class={`by ${by}`}>{t(BY[by])}</b>
}

// What the rule does not limit is signed all the same, and so is what signs.
function enforcerOf({ limits, story }: Known, limit: string | undefined): By {
  const mechanism = { put: 'url', parts: 'url', form: 'form', sts: 'sts' }[story.way]
  const by = limits.find((each) => each.limit === limit)?.enforcers[mechanism] ?? 'oss'
  return by in BY ? (by as By) : 'oss'
}

function Policy({ fields, known }: { fields: Readonly<Record<string, string>>; known: Known }) {
  const policy = policyOf(fields)
  if (!policy) return null
  return (
    <section class="pieces">
      <h3>{t('inspector.policy')}</h3>
      <ol>
        <li>
          <p>{t('inspector.policy.expires', { time: policy.expiration })}</p>
          <code dir="ltr">{`"expiration": "${policy.expiration}"`}</code>
          <By by="oss" />
        </li>
      </ol>
      {groupConditions(policy).map(([group, conditions]) => (
        <Fragment key={group}>
          <h4>{t(`inspector.policy.${group}` satisfies MessageId)}</h4>
          <ol>
            {conditions.map((condition) => (
              <ConditionRow key={JSON.stringify(condition)} condition={condition} known={known} />
            ))}
          </ol>
        </Fragment>
      ))}
      <p class="legend">{t('inspector.by.legend')}</p>
    </section>
  )
}

function ConditionRow({ condition, known }: { condition: unknown; known: Known }) {
  const [says, limit] = meaningOf(conditionOf(condition).name)
  return (
    <li>
      <p>
        {sentenceOf(condition)}
        <small>{t(says)}</small>
      </p>
      <code dir="ltr">{toJson(condition)}</code>
      <By by={enforcerOf(known, limit)} />
    </li>
  )
}

function Pieces({ request, known }: { request: SendRequest; known: Known }) {
  const pieces = piecesOf(request)
  return (
    <details class="pieces" open={!request.fields}>
      <summary>{t(request.fields ? 'inspector.pieces.form' : 'inspector.pieces.put')}</summary>
      <ol>
        {pieces.map(({ name, value, says, limit, isFree }) => (
          <li key={name}>
            <p>{t(says)}</p>
            <code dir="ltr">{`${name}: ${value}`}</code>
            <By by={isFree ? 'nobody' : enforcerOf(known, limit)} />
          </li>
        ))}
      </ol>
      {!request.fields && <p class="legend">{t('inspector.by.legend')}</p>}
    </details>
  )
}

const LIMITS: Readonly<Record<string, MessageId>> = {
  name: 'inspector.is.name',
  key: 'inspector.is.key',
  size: 'inspector.is.range',
  contentType: 'inspector.is.type',
  contentMd5: 'inspector.is.md5',
  overwrite: 'inspector.is.overwrite',
  acl: 'inspector.is.acl',
  kmsKey: 'inspector.is.kms',
  headers: 'inspector.is.header',
  metadata: 'inspector.is.metadata',
  callback: 'inspector.is.callback',
}

/** Shows who enforces each limit of the rule where nothing but the folder is granted. */
function Limits({ known }: { known: Known }) {
  return (
    <section class="pieces">
      <ol>
        <li>
          <p>{t('inspector.is.folder')}</p>
          <code dir="ltr">{prefixOf(known)}</code>
          <By by="oss" />
        </li>
        {known.limits.map(({ limit, says }) => (
          <li key={limit}>
            <p>{t(LIMITS[limit] ?? 'inspector.is.other')}</p>
            <code dir="ltr">{`${limit}: ${says}`}</code>
            <By by={enforcerOf(known, limit)} />
          </li>
        ))}
      </ol>
      <p class="legend">{t('inspector.by.legend')}</p>
    </section>
  )
}
